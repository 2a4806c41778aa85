#!/usr/bin/env python3
"""Writes the test vectors of the FastMixer protocol (../protocol.md) next to itself.

    python3 spec/vectors/generate.py            write the JSON files
    python3 spec/vectors/generate.py --check    exit 1 if the files differ from what would be written

Needs nothing but Python's standard library, and shares no code with any implementation. The parts, in order:

    1. MessagePack, written byte by byte
    2. Meanings: what a message says, as the JSON files put it
    3. The canonical encoding of a meaning
    4. A decoder of its own, to check every vector
    5. The vectors
    6. Files
"""

import json
import struct
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
WORDS = HERE.parent.joinpath("words.txt").read_text(encoding="utf-8").splitlines()
WORD_INDEX = {entry: index for index, entry in enumerate(WORDS, start=1)}
ALL_WORDS = len(WORDS)

# The types of attributes: the standard vocabulary, and three attributes that a test declares besides.
VOCABULARY = {"custom.bytes": "BYTES", "custom.double": "DOUBLE", "custom.uri": "URI"}
for vocabulary_line in HERE.parent.joinpath("attributes.txt").read_text(encoding="utf-8").splitlines():
    if vocabulary_line and not vocabulary_line.startswith("#"):
        attribute_name, attribute_type = vocabulary_line.split()
        VOCABULARY[attribute_name] = attribute_type

KINDS = {"hello": 1, "welcome": 2, "check": 3, "verdict": 4, "report": 5, "acknowledgement": 6,
         "ping": 7, "pong": 8, "going-away": 9, "error": 10, "policy-changed": 11}
CLIENT_KINDS = {"hello", "check", "report", "ping", "pong"}

ERRORS = {"malformed": 1, "frame-too-large": 2, "unknown-kind": 3, "unexpected-hello": 4, "unsupported-version": 5,
          "unknown-word": 6, "wrong-type": 7, "duplicate-attribute": 8, "invalid-utf8": 9, "limit-exceeded": 10}
LAST_FATAL_CODE = 5

# Section 7, the defaults.
MAX_FRAME = 1_048_576
MAX_ATTRIBUTES = 256
MAX_MAP_ENTRIES = 256
MAX_NAME = 256
MAX_VALUE = 65_536
MAX_RECORDS = 10_000
MAX_QUOTAS = 16
MAX_DEDUPLICATION_ID = 64
MAX_DEPTH = 8

# Section 3, a directive's own.
REPLACE, REMOVE, APPEND = 0, 1, 2
MAX_OPERATIONS = 64
MAX_HEADER_NAME = 256
MAX_HEADER_VALUE = 4_096
MAX_DIRECT_BODY = 65_536
TOKEN_CHARACTERS = set("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
PSEUDO_HEADERS = {":method", ":scheme", ":authority", ":path"}

MIN_INT64, MAX_INT64, MAX_UINT32, MAX_UINT64 = -(2**63), 2**63 - 1, 2**32 - 1, 2**64 - 1
SECOND = 1_000_000_000  # nanoseconds


# ---------------------------------------------------------------------------------------------------------------------
# 1. MessagePack, written byte by byte. Every function answers bytes; `..._in` takes the format by its name.
# ---------------------------------------------------------------------------------------------------------------------

NIL, FALSE, TRUE = b"\xc0", b"\xc2", b"\xc3"
NEVER_USED = b"\xc1"  # the one byte that begins no value

INTEGER_FORMATS = {  # name: (first byte, bytes of the number, signed)
    "uint8": (0xCC, 1, False), "uint16": (0xCD, 2, False), "uint32": (0xCE, 4, False), "uint64": (0xCF, 8, False),
    "int8": (0xD0, 1, True), "int16": (0xD1, 2, True), "int32": (0xD2, 4, True), "int64": (0xD3, 8, True),
}
LENGTH_FORMATS = {  # name: (first byte, bytes of the length)
    "bin8": (0xC4, 1), "bin16": (0xC5, 2), "bin32": (0xC6, 4),
    "ext8": (0xC7, 1), "ext16": (0xC8, 2), "ext32": (0xC9, 4),
    "str8": (0xD9, 1), "str16": (0xDA, 2), "str32": (0xDB, 4),
    "array16": (0xDC, 2), "array32": (0xDD, 4), "map16": (0xDE, 2), "map32": (0xDF, 4),
}
FIXEXT_FIRST_BYTES = {1: 0xD4, 2: 0xD5, 4: 0xD6, 8: 0xD7, 16: 0xD8}  # by bytes of the payload

WORD_EXT, DURATION_EXT, ADDRESS_EXT, TIMESTAMP_EXT = 1, 2, 3, -1


def integer_in(name, number):
    first, size, signed = INTEGER_FORMATS[name]
    return bytes([first]) + number.to_bytes(size, "big", signed=signed)


def integer(number):
    """The shortest format; of two that are equally short, the unsigned one."""
    if 0 <= number <= 0x7F:
        return bytes([number])  # positive fixint
    if -32 <= number < 0:
        return bytes([0x100 + number])  # negative fixint
    for name, (_, size, signed) in INTEGER_FORMATS.items():
        low, high = (-(2 ** (8 * size - 1)), 2 ** (8 * size - 1)) if signed else (0, 2 ** (8 * size))
        if low <= number < high:
            return integer_in(name, number)
    raise ValueError(number)


def length_in(name, length):
    first, size = LENGTH_FORMATS[name]
    return bytes([first]) + length.to_bytes(size, "big")


def shortest_length(names, length):
    return next(length_in(name, length) for name in names if length < 256 ** LENGTH_FORMATS[name][1])


def text_header(length):
    return bytes([0xA0 + length]) if length < 32 else shortest_length(("str8", "str16", "str32"), length)


def array_header(count):
    return bytes([0x90 + count]) if count < 16 else shortest_length(("array16", "array32"), count)


def map_header(count):
    return bytes([0x80 + count]) if count < 16 else shortest_length(("map16", "map32"), count)


def raw_text(utf8):
    return text_header(len(utf8)) + utf8


def text(string):
    return raw_text(string.encode())


def text_in(name, string):
    return length_in(name, len(string.encode())) + string.encode()


def binary(payload):
    return shortest_length(("bin8", "bin16", "bin32"), len(payload)) + payload


def float64(number):
    return b"\xcb" + struct.pack(">d", number)


def float32(number):
    return b"\xca" + struct.pack(">f", number)


def boolean(value):
    return TRUE if value else FALSE


def array(*elements):
    return array_header(len(elements)) + b"".join(elements)


def array_in(name, *elements):
    return length_in(name, len(elements)) + b"".join(elements)


def mapping(*keys_and_values):
    """mapping(key, value, key, value, …)"""
    return map_header(len(keys_and_values) // 2) + b"".join(keys_and_values)


def ext(ext_type, payload):
    type_byte = ext_type.to_bytes(1, "big", signed=True)
    if len(payload) in FIXEXT_FIRST_BYTES:
        return bytes([FIXEXT_FIRST_BYTES[len(payload)]]) + type_byte + payload
    return shortest_length(("ext8", "ext16", "ext32"), len(payload)) + type_byte + payload


def ext_in(name, ext_type, payload):
    return length_in(name, len(payload)) + ext_type.to_bytes(1, "big", signed=True) + payload


def word_value(index, size):
    """A word where any type can stand."""
    return ext(WORD_EXT, index.to_bytes(size, "big"))


def duration_value(nanoseconds):
    return ext(DURATION_EXT, nanoseconds.to_bytes(8, "big", signed=True))


def timestamp_payload(size, seconds, fraction):
    """MessagePack's timestamp 32, 64 or 96; the fraction is in nanoseconds."""
    if size == 4:
        return seconds.to_bytes(4, "big")
    if size == 8:
        return (fraction << 34 | seconds).to_bytes(8, "big")
    return fraction.to_bytes(4, "big") + seconds.to_bytes(8, "big", signed=True)


# ---------------------------------------------------------------------------------------------------------------------
# 2. Meanings: what a message says, as the JSON files put it (README.md)
# ---------------------------------------------------------------------------------------------------------------------

PUT_VALUE = {
    "STRING": str,
    "URI": str,
    "INT64": str,
    "DOUBLE": lambda number: {"bits": "0x" + struct.pack(">d", number).hex()},
    "BOOL": bool,
    "TIMESTAMP": lambda nanoseconds: {"unixNanoseconds": str(nanoseconds)},
    "DURATION": lambda nanoseconds: {"nanoseconds": str(nanoseconds)},
    "BYTES": lambda payload: {"hex": payload.hex()},
    "IP_ADDRESS": lambda payload: {"hex": payload.hex()},
    "STRING_MAP": lambda entries: [[key, value] for key, value in entries.items()],
}


def attribute(name, value):
    kind = VOCABULARY[name]
    return {"name": name, "type": kind, "value": PUT_VALUE[kind](value)}


def removed(name):
    return {"name": name, "type": None, "value": None}


def ignored(name):
    return {"name": name, "ignored": True}


def hello(id=1, low=1, high=1, words=ALL_WORDS, name="my-sidecar", base=(), features=0):
    meaning = {"id": id, "minVersion": low, "maxVersion": high, "wordCount": words, "name": name, "baseAttributes": list(base)}
    return {**meaning, "features": features} if features else meaning


def welcome(limits, id=1, version=1, software="fastmixer/0.1.0", instance="9f3c51d2", words=ALL_WORDS, policy=0):
    meaning = {"id": id, "version": version, "software": software, "instance": instance, "wordCount": words,
               "limits": [list(limit) for limit in limits.items()]}
    return {**meaning, "policy": str(policy)} if policy else meaning


def check(*attributes, id=2, quotas=(), deduplication="", patience=0):
    meaning = {"id": id, "attributes": list(attributes), "quotas": list(quotas), "deduplicationId": deduplication}
    return {**meaning, "patienceMilliseconds": patience} if patience else meaning


def quota(name, amount, best_effort=False):
    return {"name": name, "amount": str(amount), "bestEffort": best_effort}


def verdict(status=0, message="", duration=5000, uses=1000, referenced=(), quotas=(), id=2, directive=None, policy=0):
    meaning = {"id": id, "status": status, "message": message, "validDurationMilliseconds": duration, "validUseCount": str(uses),
               "referencedAttributes": list(referenced), "quotas": list(quotas)}
    return {**meaning, **({"directive": directive} if directive else {}), **({"policy": str(policy)} if policy else {})}


def directive(code=0, body="", request=(), response=()):
    return {"code": code, "body": body, "requestOperations": list(request), "responseOperations": list(response)}


def replace(name, value):
    return {"operation": REPLACE, "name": name, "value": value}


def remove(name):
    return {"operation": REMOVE, "name": name}


def append(name, value):
    return {"operation": APPEND, "name": name, "value": value}


def exact(name, *key):
    return {"exact": True, "name": name, **({"key": key[0]} if key else {})}


def absence(name, *key):
    return {"exact": False, "name": name, **({"key": key[0]} if key else {})}


def granted(name, amount, duration, referenced=None):
    """`referenced` is what the quota depended on; it is told for all quotas of a verdict, or for none."""
    meaning = {"name": name, "granted": str(amount), "validDurationMilliseconds": duration}
    return meaning if referenced is None else {**meaning, "referencedAttributes": list(referenced)}


def policy_changed(policy):
    return {"id": 0, "policy": str(policy)}


def report(*records, id=2, base=()):
    """Records as they travel, and `resolved`: all attributes of each record once base and changes are applied."""
    meaning = {"id": id, "records": [list(record) for record in records], "resolved": []}
    if base:
        meaning["base"] = list(base)
    state = {known["name"]: known for known in base}
    for record in records:
        for change in record:
            if change.get("ignored"):
                continue
            if change["type"] is None:
                state.pop(change["name"], None)
            else:
                state[change["name"]] = change
        meaning["resolved"].append(list(state.values()))
    return meaning


def acknowledgement(accepted, refused=0, retry_after=0, id=2):
    return {"id": id, "accepted": accepted, "refused": refused, "retryAfterMilliseconds": retry_after}


# ---------------------------------------------------------------------------------------------------------------------
# 3. The canonical encoding of a meaning: the shortest, words preferred
# ---------------------------------------------------------------------------------------------------------------------


def encode_word_or_text(string, words):
    index = WORD_INDEX.get(string, words + 1)
    return integer(index) if index <= words else text(string)


def encode_text_value(string, words):
    index = WORD_INDEX.get(string, words + 1)
    if index > words:
        return text(string)
    return word_value(index, 1 if index < 256 else 2)


def encode_timestamp(nanoseconds):
    seconds, fraction = divmod(nanoseconds, SECOND)  # rounds down, so that the fraction is never negative
    if fraction == 0 and 0 <= seconds < 2**32:
        size = 4
    elif 0 <= seconds < 2**34:
        size = 8
    else:
        size = 12
    return ext(TIMESTAMP_EXT, timestamp_payload(size, seconds, fraction))


def encode_value(kind, value, words):
    if kind is None:
        return NIL
    if kind in ("STRING", "URI"):
        return encode_text_value(value, words)
    if kind == "INT64":
        return integer(int(value))
    if kind == "DOUBLE":
        return b"\xcb" + bytes.fromhex(value["bits"][2:])
    if kind == "BOOL":
        return boolean(value)
    if kind == "TIMESTAMP":
        return encode_timestamp(int(value["unixNanoseconds"]))
    if kind == "DURATION":
        return duration_value(int(value["nanoseconds"]))
    if kind == "BYTES":
        return binary(bytes.fromhex(value["hex"]))
    if kind == "IP_ADDRESS":
        return ext(ADDRESS_EXT, bytes.fromhex(value["hex"]))
    if kind == "STRING_MAP":
        return mapping(*(encode_word_or_text(string, words) for entry in value for string in entry))
    raise ValueError(kind)


def encode_attributes(attributes, words):
    parts = []
    for entry in attributes:
        parts.append(encode_word_or_text(entry["name"], words))
        parts.append(encode_value(entry["type"], entry["value"], words))
    return mapping(*parts)


def encode_referenced(reference, words):
    flags = (1 if reference["exact"] else 0) + (2 if "key" in reference else 0)
    strings = [reference[part] for part in ("name", "key") if part in reference]
    return array(integer(flags), *(encode_word_or_text(string, words) for string in strings))


def encode_operation(operation):
    strings = [operation[part] for part in ("name", "value") if part in operation]
    return array(integer(operation["operation"]), *(text(string) for string in strings))


def encode_directive(d):
    operations = [array(*(encode_operation(operation) for operation in d[part])) for part in ("requestOperations", "responseOperations")]
    return array(integer(d["code"]), text(d["body"]), *operations)


def encode_verdict_extras(m, words):
    """What stands behind the quotas, up to the last element that is not its default."""
    told = any("referencedAttributes" in q for q in m["quotas"])
    extras = [encode_directive(m.get("directive", directive())), integer(int(m.get("policy", 0))),
              array(*(array(*(encode_referenced(reference, words) for reference in q.get("referencedAttributes", ())))
                      for q in m["quotas"]))]
    return extras[: 3 if told else 2 if "policy" in m else 1 if "directive" in m else 0]


def encode_elements(kind, m, words):
    """What stands after kind and id."""
    if kind == "hello":
        return [integer(m["minVersion"]), integer(m["maxVersion"]), integer(m["wordCount"]), text(m["name"]),
                encode_attributes(m["baseAttributes"], words), *([integer(m["features"])] if "features" in m else [])]
    if kind == "welcome":
        limits = mapping(*(integer(number) for limit in m["limits"] for number in limit))
        return [integer(m["version"]), text(m["software"]), text(m["instance"]), integer(m["wordCount"]), limits,
                *([integer(int(m["policy"]))] if "policy" in m else [])]
    if kind == "check":
        quotas = array(*(array(text(q["name"]), integer(int(q["amount"])), boolean(q["bestEffort"])) for q in m["quotas"]))
        elements = [encode_attributes(m["attributes"], words), quotas, text(m["deduplicationId"]), integer(m.get("patienceMilliseconds", 0))]
        return elements[: 4 if "patienceMilliseconds" in m else 3 if m["deduplicationId"] else 2 if m["quotas"] else 1]
    if kind == "verdict":
        return [integer(m["status"]), text(m["message"]), integer(m["validDurationMilliseconds"]), integer(int(m["validUseCount"])),
                array(*(encode_referenced(reference, words) for reference in m["referencedAttributes"])),
                array(*(array(text(q["name"]), integer(int(q["granted"])), integer(q["validDurationMilliseconds"]))
                        for q in m["quotas"])),
                *encode_verdict_extras(m, words)]
    if kind == "report":
        return [array(*(encode_attributes(record, words) for record in m["records"]))]
    if kind == "acknowledgement":
        return [integer(m["accepted"]), integer(m["refused"]), integer(m["retryAfterMilliseconds"])]
    if kind == "going-away":
        return [integer(m["graceMilliseconds"]), text(m["reason"])]
    if kind == "error":
        return [integer(m["code"]), text(m["text"])]
    if kind == "policy-changed":
        return [integer(int(m["policy"]))]
    return []  # ping, pong


def encode(kind, meaning, words=ALL_WORDS):
    return array(integer(KINDS[kind]), integer(meaning["id"]), *encode_elements(kind, meaning, words))


# ---------------------------------------------------------------------------------------------------------------------
# 4. A decoder of its own, to check every vector. It uses nothing of parts 1 and 3 but names.
# ---------------------------------------------------------------------------------------------------------------------


class Problem(Exception):
    """An error of protocol.md, section 6, by its name."""


def require(condition, problem):
    if not condition:
        raise Problem(problem)


class Reader:
    """Reads MessagePack values as pairs (sort, content): ("int", 5), ("map", [(key, value), …]), ("ext", (type, payload)), …"""

    def __init__(self, body):
        self.body = body
        self.position = 0

    def take(self, size):
        require(self.position + size <= len(self.body), "malformed")
        self.position += size
        return self.body[self.position - size : self.position]

    def number(self, size, signed=False):
        return int.from_bytes(self.take(size), "big", signed=signed)

    def value(self, depth=0):
        """Depth is the number of arrays and maps around the value."""
        first = self.number(1)
        if first <= 0x7F:
            return "int", first
        if first <= 0x8F:
            return self.map(first & 0x0F, depth)
        if first <= 0x9F:
            return self.array(first & 0x0F, depth)
        if first <= 0xBF:
            return "str", self.take(first & 0x1F)
        if first >= 0xE0:
            return "int", first - 0x100
        if first == 0xC0:
            return "nil", None
        if first in (0xC2, 0xC3):
            return "bool", first == 0xC3
        if 0xC4 <= first <= 0xC6:
            return "bin", self.take(self.number(1 << first - 0xC4))
        if 0xC7 <= first <= 0xC9:
            return self.ext(self.number(1 << first - 0xC7))
        if first == 0xCA:
            return "float", struct.unpack(">f", self.take(4))[0]
        if first == 0xCB:
            return "float", struct.unpack(">d", self.take(8))[0]
        if 0xCC <= first <= 0xCF:
            return "int", self.number(1 << first - 0xCC)
        if 0xD0 <= first <= 0xD3:
            return "int", self.number(1 << first - 0xD0, signed=True)
        if 0xD4 <= first <= 0xD8:
            return self.ext(1 << first - 0xD4)
        if 0xD9 <= first <= 0xDB:
            return "str", self.take(self.number(1 << first - 0xD9))
        if first in (0xDC, 0xDD):
            return self.array(self.number(2 if first == 0xDC else 4), depth)
        if first in (0xDE, 0xDF):
            return self.map(self.number(2 if first == 0xDE else 4), depth)
        raise Problem("malformed")  # 0xC1

    def ext(self, size):
        return "ext", (self.number(1, signed=True), self.take(size))

    def array(self, count, depth):
        require(depth < MAX_DEPTH, "malformed")
        return "array", [self.value(depth + 1) for _ in range(count)]

    def map(self, count, depth):
        require(depth < MAX_DEPTH, "malformed")
        return "map", [(self.value(depth + 1), self.value(depth + 1)) for _ in range(count)]


class Decoder:
    """Decodes one body to (kind, meaning), or raises a Problem; `id` is what the answer to it must carry."""

    def __init__(self, body, words=ALL_WORDS):
        self.body = body
        self.words = words
        self.id = 0

    def decode(self):
        kind = self.read_header()
        reader = Reader(self.body)
        _, elements = reader.value()
        require(reader.position == len(self.body), "malformed")
        kind_name = next((name for name, number in KINDS.items() if number == kind), None)
        require(kind_name, "unknown-kind")
        interpret = getattr(self, kind_name.replace("-", "_"))
        return kind_name, {"id": self.id, **interpret(elements[2:])}

    def read_header(self):
        reader = Reader(self.body)
        first = reader.number(1)
        require(0x90 <= first <= 0x9F or first in (0xDC, 0xDD), "malformed")
        count = first & 0x0F if first <= 0x9F else reader.number(2 if first == 0xDC else 4)
        require(count >= 2, "malformed")
        kind = reader.number(1)
        require(kind <= 0x7F, "malformed")
        self.id = self.uint(reader.value())
        return kind

    # Elements of messages: another format than the table of section 3 says is malformed.

    @staticmethod
    def element(sort, value):
        require(value[0] == sort, "malformed")
        return value[1]

    def uint(self, value):
        number = self.element("int", value)
        require(0 <= number <= MAX_UINT32, "malformed")
        return number

    def uint64(self, value):
        number = self.element("int", value)
        require(0 <= number <= MAX_UINT64, "malformed")
        return str(number)

    def int64(self, value):
        number = self.element("int", value)
        require(MIN_INT64 <= number <= MAX_INT64, "malformed")
        return str(number)

    def string(self, value, limit=None):
        return self.utf8(self.element("str", value), limit)

    @staticmethod
    def utf8(payload, limit):
        require(limit is None or len(payload) <= limit, "limit-exceeded")
        try:
            return payload.decode()
        except UnicodeDecodeError:
            raise Problem("invalid-utf8") from None

    def word(self, index):
        require(1 <= index <= self.words, "unknown-word")
        return WORDS[index - 1]

    def word_or_string(self, value, limit=None, other_sort="malformed"):
        sort, content = value
        require(sort == "str" or sort == "int" and content >= 0, other_sort)
        return self.word(content) if sort == "int" else self.utf8(content, limit)

    # Attributes

    def attributes(self, value, nil_allowed):
        entries = self.element("map", value)
        require(len(entries) <= MAX_ATTRIBUTES, "limit-exceeded")
        names = [self.word_or_string(name, MAX_NAME) for name, _ in entries]
        require(len(set(names)) == len(names), "duplicate-attribute")
        return [self.attribute(name, value, nil_allowed) for name, (_, value) in zip(names, entries)]

    def attribute(self, name, value, nil_allowed):
        if name not in VOCABULARY:
            return ignored(name)
        if value[0] == "nil" and nil_allowed:
            return removed(name)
        kind = VOCABULARY[name]
        return {"name": name, "type": kind, "value": self.attribute_value(kind, *value)}

    def attribute_value(self, kind, sort, content):
        if sort == "ext":
            return self.ext_value(kind, *content)
        if (kind, sort) in (("STRING", "str"), ("URI", "str")):
            return self.utf8(content, MAX_VALUE)
        if (kind, sort) == ("INT64", "int"):
            require(content <= MAX_INT64, "wrong-type")
            return str(content)
        if (kind, sort) == ("DOUBLE", "float"):
            return {"bits": "0x" + struct.pack(">d", content).hex()}
        if (kind, sort) == ("BOOL", "bool"):
            return content
        if (kind, sort) == ("BYTES", "bin"):
            require(len(content) <= MAX_VALUE, "limit-exceeded")
            return {"hex": content.hex()}
        if (kind, sort) == ("STRING_MAP", "map"):
            return self.string_map(content)
        raise Problem("wrong-type")

    def ext_value(self, kind, ext_type, payload):
        if kind in ("STRING", "URI") and ext_type == 1 and len(payload) in (1, 2, 4):
            return self.word(int.from_bytes(payload, "big"))
        if kind == "TIMESTAMP" and ext_type == -1:
            return {"unixNanoseconds": str(self.timestamp(payload))}
        if kind == "DURATION" and ext_type == 2 and len(payload) == 8:
            return {"nanoseconds": str(int.from_bytes(payload, "big", signed=True))}
        if kind == "IP_ADDRESS" and ext_type == 3 and len(payload) in (4, 16):
            return {"hex": payload.hex()}
        raise Problem("wrong-type")

    @staticmethod
    def timestamp(payload):
        require(len(payload) in (4, 8, 12), "wrong-type")
        if len(payload) == 12:
            fraction, seconds = struct.unpack(">Iq", payload)
        else:
            packed = int.from_bytes(payload, "big")
            fraction, seconds = (packed >> 34, packed % 2**34) if len(payload) == 8 else (0, packed)
        nanoseconds = seconds * SECOND + fraction
        require(fraction < SECOND and MIN_INT64 <= nanoseconds <= MAX_INT64, "wrong-type")
        return nanoseconds

    def string_map(self, entries):
        require(len(entries) <= MAX_MAP_ENTRIES, "limit-exceeded")
        pairs = [[self.word_or_string(string, MAX_VALUE, "wrong-type") for string in entry] for entry in entries]
        require(len({key for key, _ in pairs}) == len(pairs), "duplicate-attribute")
        return pairs

    # Messages

    def hello(self, elements):
        require(len(elements) >= 5, "malformed")
        low, high, words = (self.uint(element) for element in elements[:3])
        require(low <= 1 <= high, "unsupported-version")
        meaning = {"minVersion": low, "maxVersion": high, "wordCount": words, "name": self.string(elements[3], MAX_NAME),
                   "baseAttributes": self.attributes(elements[4], nil_allowed=False)}
        features = self.uint(elements[5]) if len(elements) > 5 else 0
        return {**meaning, "features": features} if features else meaning

    def welcome(self, elements):
        require(len(elements) >= 5, "malformed")
        limits = [[self.uint(number) for number in entry] for entry in self.element("map", elements[4])]
        meaning = {"version": self.uint(elements[0]), "software": self.string(elements[1]), "instance": self.string(elements[2]),
                   "wordCount": self.uint(elements[3]), "limits": limits}
        policy = self.uint64(elements[5]) if len(elements) > 5 else "0"
        return meaning if policy == "0" else {**meaning, "policy": policy}

    def check(self, elements):
        require(len(elements) >= 1, "malformed")
        defaults = [("array", []), ("str", b""), ("int", 0)]
        attributes, quotas, deduplication, patience = (elements + defaults[len(elements) - 1 :])[:4]
        quotas = self.element("array", quotas)
        require(len(quotas) <= MAX_QUOTAS, "limit-exceeded")
        meaning = {"attributes": self.attributes(attributes, nil_allowed=True), "quotas": [self.quota(entry) for entry in quotas],
                   "deduplicationId": self.string(deduplication, MAX_DEDUPLICATION_ID)}
        patience = self.uint(patience)
        return {**meaning, "patienceMilliseconds": patience} if patience else meaning

    def quota(self, value):
        parts = self.element("array", value)
        require(len(parts) == 3, "malformed")
        return {"name": self.string(parts[0], MAX_NAME), "amount": self.int64(parts[1]), "bestEffort": self.element("bool", parts[2])}

    def verdict(self, elements):
        require(len(elements) >= 6, "malformed")
        quotas = [self.element("array", entry) for entry in self.element("array", elements[5])]
        require(all(len(parts) == 3 for parts in quotas), "malformed")
        meaning = {"status": self.uint(elements[0]), "message": self.string(elements[1]),
                   "validDurationMilliseconds": self.uint(elements[2]), "validUseCount": self.int64(elements[3]),
                   "referencedAttributes": [self.referenced(entry) for entry in self.element("array", elements[4])],
                   "quotas": [{"name": self.string(name), "granted": self.int64(amount), "validDurationMilliseconds": self.uint(duration)}
                              for name, amount, duration in quotas]}
        told = self.directive(elements[6], meaning["status"]) if len(elements) > 6 else directive()
        policy = self.uint64(elements[7]) if len(elements) > 7 else "0"
        if len(elements) > 8:
            self.quota_references(elements[8], meaning["quotas"])
        return {**meaning, **({} if told == directive() else {"directive": told}), **({} if policy == "0" else {"policy": policy})}

    def quota_references(self, value, quotas):
        lists = self.element("array", value)
        require(len(lists) in (0, len(quotas)), "malformed")
        for quota, references in zip(quotas, lists):
            quota["referencedAttributes"] = [self.referenced(entry) for entry in self.element("array", references)]

    def directive(self, value, status):
        parts = self.element("array", value)
        require(len(parts) == 4, "malformed")
        code, body = self.uint(parts[0]), self.string(parts[1], MAX_DIRECT_BODY)
        require(code == 0 and not body or 200 <= code <= 599 and status != 0, "malformed")
        request, response = (self.element("array", part) for part in parts[2:])
        require(len(request) + len(response) <= MAX_OPERATIONS, "limit-exceeded")
        return directive(code, body, [self.operation(entry, of_request=True) for entry in request],
                         [self.operation(entry, of_request=False) for entry in response])

    def operation(self, value, of_request):
        parts = self.element("array", value)
        require(len(parts) >= 2, "malformed")
        operation = self.uint(parts[0])
        require(operation in (REPLACE, REMOVE, APPEND) and len(parts) == (2 if operation == REMOVE else 3), "malformed")
        name = self.string(parts[1], MAX_HEADER_NAME)
        is_pseudo = of_request and operation == REPLACE and name in PSEUDO_HEADERS
        require(is_pseudo or name and set(name) <= TOKEN_CHARACTERS, "malformed")
        if operation == REMOVE:
            return remove(name)
        field = self.string(parts[2], MAX_HEADER_VALUE)
        require(all(character == "\t" or " " <= character != "\x7f" for character in field), "malformed")
        require(not is_pseudo or field and all("!" <= character <= "~" for character in field), "malformed")
        return {"operation": operation, "name": name, "value": field}

    def referenced(self, value):
        flags, *strings = self.element("array", value)
        flags = self.uint(flags)
        require(flags <= 3 and len(strings) == (2 if flags & 2 else 1), "malformed")
        names = [self.word_or_string(string) for string in strings]
        return {"exact": flags & 1 == 1, **dict(zip(("name", "key"), names))}

    def report(self, elements):
        require(len(elements) >= 1, "malformed")
        records = self.element("array", elements[0])
        require(len(records) <= MAX_RECORDS, "limit-exceeded")
        return {"records": [self.attributes(record, nil_allowed=True) for record in records]}

    def acknowledgement(self, elements):
        require(len(elements) >= 3, "malformed")
        accepted, refused, retry_after = (self.uint(element) for element in elements[:3])
        return {"accepted": accepted, "refused": refused, "retryAfterMilliseconds": retry_after}

    def ping(self, elements):
        return {}

    def pong(self, elements):
        return {}

    def going_away(self, elements):
        require(len(elements) >= 2, "malformed")
        return {"graceMilliseconds": self.uint(elements[0]), "reason": self.string(elements[1])}

    def error(self, elements):
        require(len(elements) >= 2, "malformed")
        return {"code": self.uint(elements[0]), "text": self.string(elements[1])}

    def policy_changed(self, elements):
        require(len(elements) >= 1, "malformed")
        policy = self.uint64(elements[0])
        require(policy != "0", "malformed")
        return {"policy": policy}


def server_answer(body, position):
    """The error (name, id) that a server answers a client's frame with, or that a client finds in an answer; or None."""
    decoder = Decoder(body)
    try:
        kind, _ = decoder.decode()
        if position == "answer":
            return None
        require(kind in CLIENT_KINDS, "unknown-kind")
        require((kind == "hello") == (position == "first"), "unexpected-hello")
    except Problem as problem:
        return str(problem), decoder.id
    return None


def cut_frames(stream, limit):
    """Cuts a stream as section 2 says: the bodies, the bytes of a frame not complete yet, and an error's name or None."""
    bodies = []
    while len(stream) >= 4:
        length = int.from_bytes(stream[:4], "big")
        if length == 0:
            return bodies, b"", "malformed"
        if length > limit:
            return bodies, b"", "frame-too-large"
        if len(stream) < 4 + length:
            break
        bodies.append(stream[4 : 4 + length])
        stream = stream[4 + length :]
    return bodies, stream, None


# ---------------------------------------------------------------------------------------------------------------------
# 5. The vectors
# ---------------------------------------------------------------------------------------------------------------------


def valid(name, kind, meaning, body=None, canonical=None, words=ALL_WORDS):
    """A vector with a meaning. Without a body it is canonical, and its body is the canonical encoding."""
    vector = {"name": name, "kind": kind, "canonical": body is None if canonical is None else canonical}
    if words != ALL_WORDS:
        vector["words"] = words
    vector["hex"] = (body or encode(kind, meaning, words)).hex()
    vector["meaning"] = meaning
    return vector


def error_object(name, id, fatal_anyway=False):
    code = ERRORS[name]
    return {"code": code, "name": name, "fatal": code <= LAST_FATAL_CODE or fatal_anyway, "id": id}


def invalid(name, kind, problem, *pieces, id=2, position=None):
    """A vector with an error. A piece is bytes, or (bytes, how often they repeat)."""
    position = position or ("first" if kind == "hello" else "later")
    vector = {"name": name, "kind": kind, "position": position}
    if len(pieces) == 1:
        vector["hex"] = pieces[0].hex()
    else:
        vector["pieces"] = [piece.hex() if isinstance(piece, bytes) else {"repeat": piece[0].hex(), "times": piece[1]}
                            for piece in pieces]
    vector["error"] = error_object(problem, id, fatal_anyway=position == "first")
    if problem == "invalid-utf8":
        vector["mayAccept"] = True
    return vector


def raw_check(*keys_and_values):
    """A check with id 2 and attributes given as bytes."""
    return array(b"\x03", b"\x02", mapping(*keys_and_values))


def raw_hello(*base, features=()):
    """A hello with id 1, and base attributes and features given as bytes."""
    return array(b"\x01", b"\x01", b"\x01", b"\x01", integer(ALL_WORDS), text("my-sidecar"), mapping(*base), *features)


def word(string):
    """A word where only a string can stand."""
    return integer(WORD_INDEX[string])


PATH = attribute("request.path", "/admin")
RAW_PATH = (word("request.path"), text("/admin"))  # the same as bytes: name and value


def hello_vectors():
    base = [attribute("source.name", "reviews-v1"), attribute("source.ip", bytes([10, 0, 0, 1])),
            attribute("source.labels", {"app": "reviews", "version": "v1"})]
    spec_example = array(b"\x01", b"\x01", b"\x01", b"\x01", integer(266), text("my-sidecar"), mapping())
    assert spec_example.hex() == "9701010101cd010aaa6d792d7369646563617280" == encode("hello", hello()).hex()
    yield valid("example of the specification", "hello", hello())
    yield valid("base attributes", "hello", hello(base=base))
    yield valid("base attribute that is undeclared", "hello", hello(base=[ignored("x.undeclared")]),
                raw_hello(text("x.undeclared"), TRUE))
    yield valid("largest id", "hello", hello(id=MAX_UINT32))
    yield valid("empty name", "hello", hello(name=""))
    yield valid("name of 256 bytes", "hello", hello(name="n" * 256))
    yield valid("name beyond ascii", "hello", hello(name="za\u017c\u00f3\u0142\u0107 \U0001f600"))
    yield valid("no words known", "hello", hello(words=0))
    yield valid("more words known than the list of version 1 has", "hello", hello(words=300))
    yield valid("versions 1 to 3", "hello", hello(high=3), canonical=False)
    yield valid("versions 0 to 1", "hello", hello(low=0), canonical=False)
    yield valid("integers in long formats", "hello", hello(),
                array(b"\x01", integer_in("uint64", 1), integer_in("int8", 1), integer_in("int64", 1), integer_in("int32", 266),
                      text("my-sidecar"), mapping()))
    yield valid("array 16, str 16 and map 16", "hello", hello(),
                length_in("array16", 7) + b"\x01\x01\x01\x01" + integer(266) + text_in("str16", "my-sidecar") + length_in("map16", 0))
    yield valid("unknown elements at the end", "hello", hello(),
                array(b"\x01", b"\x01", b"\x01", b"\x01", integer(266), text("my-sidecar"), mapping(), b"\x00", text("new"), array(NIL)))
    yield valid("features: changes of the policy", "hello", hello(features=1))
    yield valid("features behind base attributes", "hello", hello(base=base, features=1))
    yield valid("features that section 3 does not know", "hello", hello(features=MAX_UINT32))
    yield valid("features 0, although that is the default", "hello", hello(), raw_hello(features=[b"\x00"]))
    yield valid("features in a long format", "hello", hello(features=1), raw_hello(features=[integer_in("uint64", 1)]))


def welcome_vectors():
    defaults = {1: MAX_FRAME, 2: 8192, 3: 256, 4: 256, 5: 256, 6: MAX_VALUE, 7: 10_000, 8: 1024, 9: 16, 10: 10_000,
                11: 600_000, 12: 30_000, 13: 8192}
    yield valid("example of the specification", "welcome", welcome({1: MAX_FRAME, 2: 8192}), canonical=False)
    yield valid("all limits, defaults", "welcome", welcome(defaults))
    yield valid("all limits, others", "welcome", welcome({number: 100 * number for number in defaults}))
    yield valid("more words than the list of version 1 has", "welcome", welcome(defaults, words=70_000))
    yield valid("largest id", "welcome", welcome(defaults, id=MAX_UINT32))
    yield valid("no limits", "welcome", welcome({}), canonical=False)
    yield valid("unknown limit", "welcome", welcome({1: MAX_FRAME, 99: 7}), canonical=False)
    elements = [b"\x02", b"\x01", b"\x01", text("fastmixer/0.1.0"), text("9f3c51d2"), integer(266)]
    yield valid("integers in long formats", "welcome", welcome({3: 256}),
                array(*elements[:5], integer_in("uint64", 266), mapping(integer_in("int16", 3), integer_in("int64", 256))))
    yield valid("unknown elements at the end", "welcome", welcome({}), array(*elements, mapping(), b"\x00", mapping(text("a"), TRUE), NIL))
    for policy in (1, MAX_UINT32, 2**63, MAX_UINT64):
        yield valid(f"policy {policy}", "welcome", welcome(defaults, policy=policy))
    yield valid("policy 0, although that is the default", "welcome", welcome({}), array(*elements, mapping(), b"\x00"))
    yield valid("policy in a long format", "welcome", welcome({}, policy=7), array(*elements, mapping(), integer_in("int64", 7)))


def check_vectors():
    example = check(PATH, attribute("destination.service.name", "reviews"))
    quotas = [quota("requestcount", 1), quota("bytes", 70_000, best_effort=True)]

    yield valid("example of the specification", "check", example,
                raw_check(word("request.path"), text("/admin"), text("destination.service.name"), text("reviews")))
    yield valid("example of the specification, name as word", "check", example)
    yield valid("no attributes", "check", check())
    yield valid("largest id", "check", check(PATH, id=MAX_UINT32))
    for name in INTEGER_FORMATS:
        yield valid(f"id as {name}", "check", check(PATH), array(b"\x03", integer_in(name, 2), mapping(*RAW_PATH)))
    yield valid("attributes in another order", "check",
                check(attribute("request.size", 7), attribute("request.method", "GET"), PATH, attribute("connection.mtls", True)))
    yield valid("removed attributes", "check", check(removed("source.name"), PATH, removed("source.labels")))
    yield valid("receiver with 100 words", "check",
                check(attribute("request.method", "GET"), attribute("request.scheme", "request.path"),
                      attribute("request.headers", {"accept-encoding": "gzip", "accept-language": "accept"})), words=100)
    yield valid("receiver with 0 words", "check", check(PATH, attribute("request.method", "GET")), words=0)

    for name in INTEGER_FORMATS:
        yield valid(f"name's word as {name}", "check", check(PATH), raw_check(integer_in(name, 8), text("/admin")))
    yield valid("name as text although it is a word", "check", check(PATH), raw_check(text("request.path"), text("/admin")))
    yield valid("name as str 32", "check", check(PATH), raw_check(text_in("str32", "request.path"), text("/admin")))
    for size in ("16", "32"):
        yield valid(f"array {size} and map {size}", "check", check(PATH, quotas=quotas[:1]),
                    length_in("array" + size, 4) + b"\x03\x02" + length_in("map" + size, 1) + b"".join(RAW_PATH)
                    + length_in("array" + size, 1) + length_in("array" + size, 3) + text("requestcount") + b"\x01" + FALSE)

    yield valid("quotas", "check", check(PATH, quotas=quotas))
    yield valid("deduplication id without quotas", "check", check(PATH, deduplication="5f0c"))
    yield valid("quotas and deduplication id", "check", check(PATH, quotas=quotas, deduplication="5f0c"))
    yield valid("deduplication id of 64 bytes", "check", check(PATH, deduplication="d" * 64))
    yield valid("deduplication id that is a word", "check", check(PATH, deduplication="GET"))
    yield valid("deduplication id as str 32", "check", check(PATH, deduplication="5f0c"),
                array(b"\x03", b"\x02", mapping(*RAW_PATH), array(), text_in("str32", "5f0c")))
    yield valid("sixteen quotas", "check", check(quotas=[quota(f"q{i}", i) for i in range(16)]))
    yield valid("quota with an empty name", "check", check(quotas=[quota("", 1)]))
    yield valid("quota's name that is a word", "check", check(quotas=[quota("default", 1)]))
    yield valid("quota's name of 256 bytes", "check", check(quotas=[quota("q" * 256, 1)]))
    for label, amount in (("0", 0), ("below 0", -1), ("of the least int64", MIN_INT64), ("of the greatest int64", MAX_INT64)):
        yield valid(f"quota's amount {label}", "check", check(quotas=[quota("requestcount", amount)]))
    yield valid("empty quotas and deduplication id that could be left out", "check", check(),
                array(b"\x03", b"\x02", mapping(), array(), text("")))
    yield valid("empty quotas that could be left out", "check", check(), array(b"\x03", b"\x02", mapping(), array()))
    yield valid("patience", "check", check(PATH, patience=250))
    yield valid("patience of 1 ms", "check", check(PATH, patience=1))
    yield valid("longest patience", "check", check(PATH, patience=MAX_UINT32))
    yield valid("quotas, deduplication id and patience", "check", check(PATH, quotas=quotas, deduplication="5f0c", patience=1000))
    for name in INTEGER_FORMATS:
        yield valid(f"patience as {name}", "check", check(patience=100),
                    array(b"\x03", b"\x02", mapping(), array(), text(""), integer_in(name, 100)))
    yield valid("patience of 0 that could be left out", "check", check(),
                array(b"\x03", b"\x02", mapping(), array(), text(""), b"\x00"))
    yield valid("unknown elements at the end", "check", check(),
                array(b"\x03", b"\x02", mapping(), array(), text(""), b"\x00", NIL, mapping()))
    # Depth: the message is 1, the seven arrays in one another are 2 to 8.
    yield valid("unknown element that nests to depth 8", "check", check(),
                array(b"\x03", b"\x02", mapping(), array(), text(""), b"\x00", array_header(1) * 6 + array()))

    # Undeclared attributes may have any value.
    undeclared = {
        "nil": NIL, "true": TRUE, "fixint": b"\x05", "uint64 above int64": integer_in("uint64", 2**64 - 1), "negative": b"\xff",
        "float32": float32(1.5), "float64": float64(1.5), "str": text("text"), "bin": binary(b"\x01\x02"), "array": array(b"\x01", NIL),
        "map": mapping(NIL, TRUE, float64(2), array()), "map with a key twice": mapping(b"\x01", NIL, b"\x01", NIL),
        "unknown ext": ext(77, b"\x01\x02\x03"), "ext of no bytes": ext_in("ext8", 77, b""), "timestamp": ext(TIMESTAMP_EXT, bytes(4)),
        "duration": duration_value(1), "address": ext(ADDRESS_EXT, bytes(4)), "word": word_value(8, 1),
    }
    for label, value in undeclared.items():
        yield valid(f"undeclared attribute: {label}", "check", check(ignored("x.undeclared"), PATH),
                    raw_check(text("x.undeclared"), value, *RAW_PATH))
    yield valid("undeclared attribute that nests to depth 8", "check", check(ignored("x.undeclared")),
                raw_check(text("x.undeclared"), array_header(1) * 5 + array()))
    yield valid("undeclared attribute that nests maps to depth 8", "check", check(ignored("x.undeclared")),
                raw_check(text("x.undeclared"), (map_header(1) + text("k")) * 5 + mapping()))
    yield valid("undeclared attribute with an empty name", "check", check(ignored("")), raw_check(text(""), TRUE))
    yield valid("undeclared attribute with a name of 256 bytes", "check", check(ignored("x" * 256)), raw_check(text("x" * 256), TRUE))
    yield valid("word that is no attribute as a name", "check", check(ignored("source.port"), ignored(":authority")),
                raw_check(word("source.port"), b"\x50", word(":authority"), NIL))
    yield valid("names are flat", "check", check(ignored("request"), ignored("request.path.more"), PATH),
                raw_check(text("request"), TRUE, text("request.path.more"), TRUE, *RAW_PATH))
    yield valid("256 attributes", "check", check(*(removed(name) if name in VOCABULARY else ignored(name) for name in WORDS[:256])),
                raw_check(*(part for index in range(1, 257) for part in (integer(index), NIL))))


def attribute_vectors():
    """Checks with one attribute, mostly."""

    def one(label, name, value, encoded=None):
        body = encoded and raw_check(encode_word_or_text(name, ALL_WORDS), encoded)
        return valid(label, "check", check(attribute(name, value)), body)

    # Strings
    strings = {
        "empty": "", "text": "/productpage?u=1", "word of one byte": "GET", "least word": WORDS[0], "word 128": WORDS[127],
        "greatest word of one byte": WORDS[254], "least word of two bytes": WORDS[255], "last word": WORDS[265],
        "differs from a word in case": "get", "31 bytes": "a" * 31, "32 bytes": "a" * 32, "255 bytes": "a" * 255, "256 bytes": "a" * 256,
        "utf-8 of two bytes": "\u00e9", "utf-8 of three bytes": "\u20ac", "utf-8 of four bytes": "\U0001f600",
        "last code point": "\U0010ffff", "zero byte": "a\0b", "byte order mark": "\ufeffa", "decomposed accent": "e\u0301",
        "digits": "1234",
    }
    for label, string in strings.items():
        yield one(f"string: {label}", "request.path", string)
    yield one("uri: text", "custom.uri", "http://reviews:9080/a?b=c")
    yield one("uri: word", "custom.uri", "/")
    yield one("string: word as text", "request.method", "GET", text("GET"))
    get = WORD_INDEX["GET"]
    for size in (2, 4):
        yield one(f"string: word in {size} bytes", "request.method", "GET", word_value(get, size))
    yield one("string: last word in 4 bytes", "request.method", WORDS[265], word_value(266, 4))
    for name in ("ext8", "ext16", "ext32"):
        yield one(f"string: word as {name}", "request.method", "GET", ext_in(name, WORD_EXT, bytes([get])))
    for name in ("str8", "str16", "str32"):
        yield one(f"string: {name}", "request.path", "/admin", text_in(name, "/admin"))

    # INT64
    for number in (0, 127, 128, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32, MAX_INT64,
                   -1, -32, -33, -128, -129, -32_768, -32_769, -(2**31), -(2**31) - 1, MIN_INT64):
        yield one(f"int64: {number}", "request.size", number)
    for name, (_, size, signed) in INTEGER_FORMATS.items():
        yield one(f"int64: 1 as {name}", "request.size", 1, integer_in(name, 1))
        if signed:
            yield one(f"int64: -1 as {name}", "request.size", -1, integer_in(name, -1))
            yield one(f"int64: 100 as {name}", "request.size", 100, integer_in(name, 100))
    yield one("int64: 300 as int16, as short as uint16", "request.size", 300, integer_in("int16", 300))
    yield one(f"int64: {MAX_INT64} as int64", "request.size", MAX_INT64, integer_in("int64", MAX_INT64))

    # DOUBLE
    nan = struct.unpack(">d", bytes.fromhex("7ff8000000000000"))[0]
    nan_with_payload = struct.unpack(">d", bytes.fromhex("fff8000000000123"))[0]
    infinity = float("inf")
    doubles = {
        "0": 0.0, "-0": -0.0, "1.5": 1.5, "-1.5": -1.5, "0.1": 0.1, "5, no integer format": 5.0, "greatest": sys.float_info.max,
        "least normal": sys.float_info.min, "least above 0": 5e-324, "infinity": infinity, "-infinity": -infinity, "nan": nan,
        "negative nan with payload": nan_with_payload,
    }
    for label, number in doubles.items():
        yield one(f"double: {label}", "custom.double", number)
    floats = {"0": 0.0, "-0": -0.0, "1.5": 1.5, "infinity": infinity, "-infinity": -infinity, "nan": nan,
              "greatest": 3.4028234663852886e38, "least above 0": 2.0**-149}
    for label, number in floats.items():
        yield one(f"double: float 32 {label}", "custom.double", number, float32(number))

    # BOOL
    yield one("bool: true", "connection.mtls", True)
    yield one("bool: false", "connection.mtls", False)

    # TIMESTAMP. The range ends within a second; its whole seconds are these.
    first_second, last_second = -9_223_372_036, 9_223_372_036
    timestamps = {
        "1970": 0, "one second": SECOND, "one nanosecond": 1, "last nanosecond of a second": SECOND - 1,
        "2017-07-14T02:40:00Z": 1_500_000_000 * SECOND, "2017-07-14T02:40:00.123456789Z": 1_500_000_000 * SECOND + 123_456_789,
        "last second of 4 bytes": MAX_UINT32 * SECOND, "nanosecond after 4 bytes": MAX_UINT32 * SECOND + 1,
        "first second of 8 bytes": 2**32 * SECOND, "nanosecond before 1970": -1, "second before 1970": -SECOND,
        "first second of the range": first_second * SECOND, "last second of the range": last_second * SECOND,
    }
    for label, nanoseconds in timestamps.items():
        yield one(f"timestamp: {label}", "request.time", nanoseconds)
    yield one("timestamp: 1970 in 8 bytes", "request.time", 0, ext(TIMESTAMP_EXT, bytes(8)))
    yield one("timestamp: 1970 in 12 bytes", "request.time", 0, ext(TIMESTAMP_EXT, bytes(12)))
    yield one("timestamp: 12 bytes where 8 would do", "request.time", SECOND + 5, ext(TIMESTAMP_EXT, timestamp_payload(12, 1, 5)))
    for name in ("ext8", "ext16", "ext32"):
        for size in (4, 8, 12):
            if (name, size) != ("ext8", 12):  # that is the canonical one
                yield one(f"timestamp: {size} bytes as {name}", "request.time", SECOND,
                          ext_in(name, TIMESTAMP_EXT, timestamp_payload(size, 1, 0)))

    # DURATION
    for label, nanoseconds in (("0", 0), ("one nanosecond", 1), ("one second", SECOND), ("negative", -1_500_000_000),
                               ("least", MIN_INT64), ("greatest", MAX_INT64)):
        yield one(f"duration: {label}", "response.duration", nanoseconds)
    for name in ("ext8", "ext16", "ext32"):
        yield one(f"duration: {name}", "response.duration", SECOND, ext_in(name, DURATION_EXT, SECOND.to_bytes(8, "big")))

    # BYTES
    for label, payload in (("empty", b""), ("all of 0 to 255", bytes(range(256))), ("255 bytes", bytes(255)),
                           ("not utf-8", b"\xff\xc0\x80")):
        yield one(f"bytes: {label}", "custom.bytes", payload)
    for name in ("bin16", "bin32"):
        yield one(f"bytes: {name}", "custom.bytes", b"\x01\x02", length_in(name, 2) + b"\x01\x02")

    # IP_ADDRESS
    v4, v6 = bytes([10, 0, 0, 1]), bytes.fromhex("20010db8000000000000000000000001")
    v4_mapped = bytes(10) + b"\xff\xff" + v4
    for label, address in (("v4", v4), ("v4, all zero", bytes(4)), ("v4, all ones", b"\xff" * 4), ("v6", v6), ("v6, all zero", bytes(16)),
                           ("v4-mapped v6 stays 16 bytes", v4_mapped)):
        yield one(f"address: {label}", "source.ip", address)
    for name in ("ext8", "ext16", "ext32"):
        yield one(f"address: v4 as {name}", "source.ip", v4, ext_in(name, ADDRESS_EXT, v4))
        yield one(f"address: v6 as {name}", "source.ip", v6, ext_in(name, ADDRESS_EXT, v6))

    # STRING_MAP
    mixed = {":method": "GET", ":path": "/admin", "x-custom": "gzip", "x-other": "text"}
    maps = {
        "empty": {}, "words": {":method": "GET", "content-type": "application/json"}, "text": {"x-custom": "abc"}, "words and text": mixed,
        "empty key and value": {"": ""}, "last word": {WORDS[265]: WORDS[265]}, "same value twice": {"a": "v", "b": "v"},
        "keys that differ in case": {"cookie": "a", "Cookie": "b"}, "keys that look alike": {"\u00e9": "1", "e\u0301": "2"},
        "15 entries": {f"k{i}": "v" for i in range(15)}, "16 entries": {f"k{i}": "v" for i in range(16)},
        "words of all lengths": {WORDS[i - 1]: WORDS[i - 1] for i in (1, 127, 128, 255, 256)},
        "256 entries": {key: "/" for key in WORDS[:256]},
    }
    for label, entries in maps.items():
        yield one(f"string map: {label}", "request.headers", entries)
    yield one("string map: words as text", "request.headers", {":method": "GET"}, mapping(text(":method"), text("GET")))
    for name in INTEGER_FORMATS:
        if name not in ("int8", "uint8"):  # 93 does, but 172 fits no int8, and is canonical as a uint8
            yield one(f"string map: words as {name}", "request.headers", {":method": "GET"},
                      mapping(integer_in(name, 93), integer_in(name, get)))
    for name in ("map16", "map32"):
        yield one(f"string map: {name}", "request.headers", {"a": "b"}, length_in(name, 1) + text("a") + text("b"))
    for name in ("str8", "str16", "str32"):
        yield one(f"string map: {name}", "request.headers", {"a": "b"}, mapping(text_in(name, "a"), text_in(name, "b")))

    # nil, and all types at once
    for name in ("request.path", "request.size", "custom.double", "connection.mtls", "request.time", "response.duration", "custom.bytes",
                 "source.ip", "request.headers", "custom.uri"):
        yield valid(f"nil: {VOCABULARY[name]}", "check", check(removed(name)))
    yield valid("all types", "check", check(
        attribute("request.path", "/admin"), attribute("request.method", "GET"), attribute("custom.uri", "/"),
        attribute("request.size", -7),
        attribute("custom.double", 0.5), attribute("connection.mtls", True), attribute("request.time", 1_500_000_000 * SECOND + 1),
        attribute("response.duration", 25_000_000), attribute("custom.bytes", b"\x00\xff"), attribute("source.ip", v4),
        attribute("destination.ip", v6), attribute("request.headers", mixed), removed("source.name")))


def verdict_vectors():
    yield valid("example of the specification", "verdict",
                verdict(7, "denyadmin.istio-system:not here", 5000, 1000, [exact("request.path")]))
    yield valid("allowed, nothing referenced", "verdict", verdict())
    for status in range(17):
        yield valid(f"status {status}", "verdict", verdict(status, duration=0, uses=0))
    yield valid("status that section 3 does not know", "verdict", verdict(99), canonical=False)
    yield valid("message beyond ascii", "verdict", verdict(7, "nie wolno: \u017c\u00f3\u0142w"))
    yield valid("message that is a word", "verdict", verdict(7, "default"))
    yield valid("message of 300 bytes", "verdict", verdict(7, "m" * 300))
    yield valid("not to be reused", "verdict", verdict(duration=0, uses=0))
    yield valid("reuse without bound", "verdict", verdict(duration=60_000, uses=-1))
    yield valid("greatest valid duration and use count", "verdict", verdict(duration=MAX_UINT32, uses=2**31 - 1))
    yield valid("largest id", "verdict", verdict(id=MAX_UINT32))
    yield valid("all flags", "verdict", verdict(referenced=[
        absence("source.user"), exact("source.name"), absence("request.headers", "cookie"), exact("request.headers", "user-agent")]))
    yield valid("referenced names and keys as text", "verdict", verdict(referenced=[
        exact("my.attribute"), absence("my.map", "my-key"), exact("request.headers", "x-my-header"), exact("my.map", "cookie"),
        exact("request.headers", "")]))
    yield valid("sixteen referenced attributes", "verdict", verdict(referenced=[exact(name) for name in WORDS[:16]]))
    yield valid("client with 100 words", "verdict", words=100, meaning=verdict(referenced=[
        exact("request.path"), exact("request.headers", "accept-language"), absence("request.headers", "accept-ranges"),
        exact("request.headers", "cookie")]))
    yield valid("client with 0 words", "verdict", verdict(referenced=[exact("request.path")]), words=0)
    yield valid("quota granted", "verdict", verdict(quotas=[granted("requestcount", 1, 1000)]))
    yield valid("quotas granted, in part, and not", "verdict", verdict(quotas=[
        granted("requestcount", 5, 1000), granted("bytes", 3, 0), granted("default", 0, 60_000)]))
    yield valid("quota granted of the greatest int64", "verdict", verdict(quotas=[granted("q", MAX_INT64, MAX_UINT32)]))
    yield valid("quota granted of the least int64", "verdict", verdict(quotas=[granted("q", MIN_INT64, 0)]))
    yield valid("referenced names and keys as text although they are words", "verdict",
                verdict(referenced=[exact("request.path"), exact("request.headers", "cookie")]),
                array(b"\x04", b"\x02", b"\x00", text(""), integer(5000), integer(1000),
                      array(array(b"\x01", text("request.path")), array(b"\x03", text("request.headers"), text("cookie"))), array()))
    yield valid("integers in long formats", "verdict", verdict(uses=-1, referenced=[exact("request.path")], quotas=[granted("q", 1, 2)]),
                array(b"\x04", integer_in("uint16", 2), integer_in("int64", 0), text(""), integer_in("int32", 5000),
                      integer_in("int64", -1),
                      array(array(integer_in("uint8", 1), integer_in("uint32", 8))),
                      array(array(text("q"), integer_in("int64", 1), integer_in("uint64", 2)))))
    yield valid("unknown elements at the end", "verdict", verdict(),
                array(b"\x04", b"\x02", b"\x00", text(""), integer(5000), integer(1000), array(), array(), raw_directive(), b"\x00",
                      array(), text("new"), mapping()))
    yield from directive_vectors()
    yield from policy_vectors()
    yield from quota_reference_vectors()


def raw_directive(code=0, body="", request=(), response=()):
    """A directive whose operations are given as bytes."""
    return array(integer(code), text(body), array(*request), array(*response))


def raw_verdict(*extras, status=b"\x00", references=array(), quotas=array()):
    """As `verdict()` is encoded, with parts given as bytes; the extras are directive, policy, and quota references."""
    return array(b"\x04", b"\x02", status, text(""), integer(5000), integer(1000), references, quotas, *extras)


def policy_vectors():
    for policy in (1, MAX_UINT32, 2**63, MAX_UINT64):
        yield valid(f"policy {policy}", "verdict", verdict(policy=policy))
    yield valid("policy behind a directive", "verdict", verdict(7, directive=directive(403), policy=0x1234_5678_9ABC_DEF0))
    yield valid("policy 0, although that is the default", "verdict", verdict(), raw_verdict(raw_directive(), b"\x00"))
    yield valid("policy in a long format", "verdict", verdict(policy=7), raw_verdict(raw_directive(), integer_in("int64", 7)))


def quota_reference_vectors():
    per_user = [exact("source.user"), absence("request.headers", "cookie")]
    yield valid("quota that depends on nothing", "verdict", verdict(quotas=[granted("q", 1, 1, [])]))
    yield valid("quotas with what each depended on", "verdict", verdict(
        referenced=[*per_user, exact("request.path")],
        quotas=[granted("per-user", 1, 1000, per_user), granted("of-all", 1, 1000, []), granted("per-path", 0, 0, [exact("request.path")])]))
    yield valid("quota references with all that may stand before them", "verdict", verdict(
        quotas=[granted("q", 1, 1, per_user)], directive=directive(request=[remove("x")]), policy=MAX_UINT64))
    yield valid("quota references for a client with 0 words", "verdict", verdict(quotas=[granted("q", 1, 1, per_user)]), words=0)
    yield valid("quota references of no quotas", "verdict", verdict(), raw_verdict(raw_directive(), b"\x00", array()))
    yield valid("quota references told for none of the quotas", "verdict", verdict(quotas=[granted("q", 1, 2)]),
                raw_verdict(raw_directive(), b"\x00", array(), quotas=array(array(text("q"), b"\x01", b"\x02"))))
    yield valid("quota references in long formats", "verdict", verdict(quotas=[granted("q", 1, 2, [exact("request.path")])]),
                raw_verdict(raw_directive(), integer_in("uint32", 0),
                            array_in("array32", array_in("array16", array(integer_in("int8", 1), text("request.path")))),
                            quotas=array(array(text("q"), b"\x01", b"\x02"))))


def directive_vectors():
    def operations(name, request=(), response=()):
        return valid(name, "verdict", verdict(directive=directive(request=request, response=response)))

    yield operations("request header replaced", [replace("x-user", "jane")])
    yield operations("request header removed", [remove("x-debug")])
    yield operations("request header appended", [append("via", "1.1 mesh")])
    yield operations("response header replaced", response=[replace("server", "mesh")])
    yield operations("operations in an order that matters, on both ways",
                     [remove("x-user"), append("x-user", "jane"), append("x-user", "guest"), replace("x-user", "joe")],
                     [remove("server"), append("set-cookie", "a=b; Path=/"), append("set-cookie", "c=d")])
    yield operations("every character of a token", [remove("!#$%&'*+-.^_`|~09AZaz")])
    yield operations("header name that is a word, as text", [remove("cookie")])
    yield operations("header value that is a word, as text", [replace("x", "default")])
    yield operations("header value with a tab and beyond ascii", [replace("x", "a\tb \u017c\u00f3\u0142w")])
    yield operations("empty header value", [replace("x", "")])
    yield operations("longest header name and value", [replace("n" * MAX_HEADER_NAME, "v" * MAX_HEADER_VALUE)])
    yield operations("pseudo-headers", [replace(name, "/!~") for name in sorted(PSEUDO_HEADERS)])
    yield operations("as many operations as there may be", [remove(f"a{i}") for i in range(40)], [remove(f"b{i}") for i in range(24)])
    for code in (200, 302, 599):
        yield valid(f"direct response {code}", "verdict", verdict(7, directive=directive(code)))
    yield valid("direct response with all it can have", "verdict", verdict(
        16, "authn.istio-system:who are you?", referenced=[absence("request.headers", "cookie")],
        directive=directive(302, "see there: \u017c\u00f3\u0142w\r\n", response=[
            replace("location", "/login"), append("set-cookie", "a=b"), append("set-cookie", "c=d")])))
    yield valid("direct response with a body of 300 bytes", "verdict", verdict(7, directive=directive(403, "b" * 300)))
    yield valid("directive that says nothing", "verdict", verdict(), raw_verdict(raw_directive()), canonical=False)
    yield valid("directive behind quotas", "verdict", verdict(quotas=[granted("q", 1, 1)], directive=directive(request=[remove("x")])))
    yield valid("directive in long formats", "verdict", verdict(7, directive=directive(403, "no", [remove("x")], [replace("y", "z")])),
                raw_verdict(array(integer_in("int32", 403), text_in("str8", "no"),
                                     array_in("array16", array(integer_in("uint8", 1), text_in("str16", "x"))),
                                     array(array_in("array32", integer_in("int64", 0), text_in("str8", "y"), text_in("str32", "z")))),
                               status=b"\x07"), canonical=False)


def malformed_verdict_vectors():
    for vector in malformed_verdicts():
        yield {**vector, "position": "answer"}


def malformed_verdicts():
    def bad(name, element, problem="malformed", status=b"\x00"):
        return invalid(name, "verdict", problem, raw_verdict(element, status=status))

    def bad_operation(name, *parts, problem="malformed"):
        return bad(name, raw_directive(request=[array(*parts)]), problem)

    yield bad("directive is no array", text(""))
    yield bad("directive is nil", NIL)
    yield bad("directive of three elements", array(b"\x00", text(""), array()))
    yield bad("directive of five elements", array(b"\x00", text(""), array(), array(), array()))
    yield bad("directive claims more than there is", length_in("array32", MAX_UINT32))
    yield bad("code is text", array(text("403"), text(""), array(), array()), status=b"\x07")
    for code in (1, 100, 199, 600, 2**32 - 1):
        yield bad(f"code {code}", raw_directive(code), status=b"\x07")
    yield bad("direct response of a verdict that is OK", raw_directive(302))
    yield bad("body without a direct response", raw_directive(0, "body"), status=b"\x07")
    yield bad("body is bin", array(integer(403), binary(b"no"), array(), array()), status=b"\x07")
    yield bad("body is not utf-8", array(integer(403), raw_text(b"\xff"), array(), array()), "invalid-utf8", status=b"\x07")
    start, end = raw_verdict(b"", status=b"\x07") + array_header(4) + integer(403), array() + array()
    yield invalid("body above the limit", "verdict", "limit-exceeded",
                  start + text_header(MAX_DIRECT_BODY + 1), (b"b", MAX_DIRECT_BODY + 1), end)
    yield bad("operations are no array", array(b"\x00", text(""), mapping(), array()))
    yield bad("operations claim more than there is", array(b"\x00", text(""), length_in("array32", MAX_UINT32)) + array())
    yield bad("operation is no array", raw_directive(request=[text("x")]))
    yield bad_operation("operation of no elements")
    yield bad_operation("operation 3", b"\x03", text("x"), text("y"))
    yield bad_operation("replace without a value", b"\x00", text("x"))
    yield bad_operation("append without a value", b"\x02", text("x"))
    yield bad_operation("remove with a value", b"\x01", text("x"), text("y"))
    yield bad_operation("operation of four elements", b"\x00", text("x"), text("y"), text("z"))
    yield bad_operation("header name is a word", b"\x01", word("cookie"))
    yield bad_operation("header value is a word", b"\x00", text("x"), word_value(1, 1))
    for label, name in (("empty", ""), ("with a space", "x y"), ("with a colon", "x:y"), ("with a line's end", "x\r\ny"),
                        ("with a NUL", "x\0"), ("beyond ascii", "\u017c"), ("that begins with a colon", ":status")):
        yield bad_operation(f"header name {label}", b"\x01", text(name))
    for label, field in (("with CR", "a\rb"), ("with LF", "a\nb"), ("with CR LF and a header", "a\r\nset-cookie: b"), ("with NUL", "a\0b"),
                         ("with ESC", "a\x1bb"), ("with DEL", "a\x7fb")):
        yield bad_operation(f"header value {label}", b"\x00", text("x"), text(field))
    yield bad_operation("header name not utf-8", b"\x01", raw_text(b"\xff"), problem="invalid-utf8")
    yield bad_operation("header value not utf-8", b"\x00", text("x"), raw_text(b"\xff"), problem="invalid-utf8")
    yield bad_operation("header name above the limit", b"\x01", text("n" * (MAX_HEADER_NAME + 1)), problem="limit-exceeded")
    yield bad_operation("header value above the limit", b"\x00", text("x"), text("v" * (MAX_HEADER_VALUE + 1)), problem="limit-exceeded")
    yield bad_operation("pseudo-header removed", b"\x01", text(":path"))
    yield bad_operation("pseudo-header appended", b"\x02", text(":path"), text("/"))
    yield bad_operation("pseudo-header of no value", b"\x00", text(":path"), text(""))
    yield bad_operation("pseudo-header with a space", b"\x00", text(":path"), text("/ HTTP/1.1"))
    yield bad_operation("pseudo-header beyond ascii", b"\x00", text(":path"), text("/\u017c"))
    yield bad("pseudo-header of a response", raw_directive(response=[array(b"\x00", text(":path"), text("/"))]))
    yield bad("more operations than there may be", raw_directive(
        request=[array(b"\x01", text("x"))] * 33, response=[array(b"\x01", text("x"))] * 32), "limit-exceeded")
    claim = length_in("array32", MAX_UINT32)
    yield invalid("referenced attributes claim more than there is", "verdict", "malformed", raw_verdict(raw_directive(), references=claim))
    yield invalid("quotas claim more than there is", "verdict", "malformed", raw_verdict(raw_directive(), quotas=claim))
    yield from malformed_verdict_extras()


def malformed_verdict_extras():
    quotas = array(array(text("q"), b"\x01", b"\x02"), array(text("r"), b"\x01", b"\x02"))
    path = array(b"\x01", word("request.path"))

    def bad_policy(name, policy):
        return invalid(name, "verdict", "malformed", raw_verdict(raw_directive(), policy))

    def bad_references(name, references, problem="malformed"):
        return invalid(name, "verdict", problem, raw_verdict(raw_directive(), b"\x00", references, quotas=quotas))

    yield bad_policy("policy below 0", integer(-1))
    yield bad_policy("policy is nil", NIL)
    yield bad_policy("policy is text", text("1"))
    yield bad_policy("policy is a float", float64(1.0))
    yield bad_references("quota references are nil", NIL)
    yield bad_references("quota references are a map", mapping())
    yield bad_references("quota references claim more than there is", length_in("array32", MAX_UINT32))
    yield bad_references("fewer quota references than quotas", array(array()))
    yield bad_references("more quota references than quotas", array(array(), array(), array()))
    yield bad_references("quota reference is no array", array(path, array()))
    yield bad_references("one quota's references claim more than there is", array_header(2) + length_in("array32", MAX_UINT32) + array())
    yield bad_references("quota reference without a key that it has by its flags", array(array(array(b"\x03", word("cookie"))), array()))
    yield bad_references("quota reference by an unknown word", array(array(), array(array(b"\x01", integer(ALL_WORDS + 1)))), "unknown-word")
    yield bad_references("quota reference not utf-8", array(array(), array(array(b"\x01", raw_text(b"\xff")))), "invalid-utf8")


def report_vectors():
    size, code = attribute("request.size", 100), attribute("response.code", 200)
    headers = attribute("request.headers", {":method": "GET", ":path": "/"})
    name = attribute("source.name", "reviews-v1")
    yield valid("no records", "report", report())
    yield valid("one record", "report", report([PATH, size, code, headers]))
    yield valid("empty record", "report", report([]))
    yield valid("largest id", "report", report([PATH], id=MAX_UINT32))
    yield valid("changed attribute", "report", report([PATH, code], [attribute("response.code", 404)]))
    yield valid("new attribute", "report", report([PATH], [code]))
    yield valid("nothing changed", "report", report([PATH, code], [], []))
    yield valid("removed attribute", "report", report([PATH, code], [removed("request.path")]))
    yield valid("removed, then set again", "report", report([PATH, code], [removed("response.code")], [code]))
    yield valid("changed and removed", "report", report([PATH, size, code], [attribute("response.code", 404), removed("request.size")]))
    yield valid("map is set as a whole", "report", report([PATH, headers], [attribute("request.headers", {":path": "/other"})]))
    yield valid("base attribute inherited by the first record", "report", report([PATH], [code], base=[name]))
    yield valid("base attribute removed", "report", report([PATH, removed("source.name")], [code], base=[name]))
    yield valid("base attribute removed in the second record", "report", report([PATH], [removed("source.name")], [code], base=[name]))
    yield valid("base attribute set by the first record", "report", report([attribute("source.name", "other")], [PATH], base=[name]))
    yield valid("sixteen records", "report", report([PATH, code], *([attribute("request.size", i)] for i in range(15))))
    yield valid("removing what is not there", "report", report([removed("source.name"), PATH], [removed("source.user")]), canonical=False)
    yield valid("change to the same value", "report", report([PATH], [PATH]), canonical=False)
    yield valid("undeclared attribute", "report", report([ignored("x.undeclared"), PATH], [ignored("x.undeclared"), code]),
                array(b"\x05", b"\x02", array(mapping(text("x.undeclared"), array(NIL), *RAW_PATH),
                                              mapping(text("x.undeclared"), NIL, word("response.code"), integer(200)))))
    yield valid("same attribute as word and as text in two records", "report", report([PATH], [attribute("request.path", "/")]),
                array(b"\x05", b"\x02", array(mapping(*RAW_PATH), mapping(text("request.path"), text("/")))))
    yield valid("array 32 and map 32", "report", report([PATH], []),
                array(b"\x05", b"\x02", length_in("array32", 2) + length_in("map32", 1) + b"".join(RAW_PATH) + length_in("map32", 0)))
    yield valid("unknown elements at the end", "report", report([PATH]),
                array(b"\x05", b"\x02", array(mapping(*RAW_PATH)), NIL, text("new")))


def acknowledgement_vectors():
    yield valid("all accepted", "acknowledgement", acknowledgement(16))
    yield valid("none sent", "acknowledgement", acknowledgement(0))
    yield valid("some refused", "acknowledgement", acknowledgement(10, 6, 250))
    yield valid("all refused", "acknowledgement", acknowledgement(0, 10_000, 5000))
    yield valid("largest id and retry after", "acknowledgement", acknowledgement(0, 1, MAX_UINT32, id=MAX_UINT32))
    yield valid("integers in long formats", "acknowledgement", acknowledgement(1, 2, 3),
                array(b"\x06", integer_in("int64", 2), integer_in("uint64", 1), integer_in("int8", 2), integer_in("uint16", 3)))
    yield valid("unknown elements at the end", "acknowledgement", acknowledgement(1, 2, 3),
                array(b"\x06", b"\x02", b"\x01", b"\x02", b"\x03", NIL))


def control_vectors():
    for kind in ("ping", "pong"):
        first = bytes([KINDS[kind]])
        yield valid(f"{kind}", kind, {"id": 5})
        yield valid(f"{kind} with the largest id", kind, {"id": MAX_UINT32})
        yield valid(f"{kind} with its id as int64", kind, {"id": 5}, array(first, integer_in("int64", 5)))
        yield valid(f"{kind} as array 32", kind, {"id": 5}, length_in("array32", 2) + first + b"\x05")
        yield valid(f"{kind} with unknown elements at the end", kind, {"id": 5}, array(first, b"\x05", NIL, mapping(b"\x01", text("a"))))

    def going_away(grace, reason):
        return {"id": 0, "graceMilliseconds": grace, "reason": reason}

    yield valid("going away", "going-away", going_away(10_000, "the server is being stopped"))
    yield valid("going away at once without a reason", "going-away", going_away(0, ""))
    yield valid("going away after the longest grace", "going-away", going_away(MAX_UINT32, "maintenance"))
    yield valid("going away with unknown elements at the end", "going-away", going_away(1, "a"),
                array(b"\x09", b"\x00", b"\x01", text("a"), NIL))

    def error(code, words, id=2):
        return {"id": id, "code": code, "text": words}

    for code in range(1, 17):
        yield valid(f"error {code}", "error", error(code, "what was wrong, and what would be right"))
    yield valid("error that answers no message", "error", error(14, "no hello within 10 s", id=0))
    yield valid("error without text", "error", error(12, ""))
    yield valid("error with text beyond ascii", "error", error(12, "b\u0142\u0105d"))
    yield valid("error that section 6 does not know", "error", error(4000, "new"), canonical=False)
    yield valid("error with unknown elements at the end", "error", error(12, "a"), array(b"\x0a", b"\x02", b"\x0c", text("a"), TRUE))

    for policy in (1, 0x1234_5678_9ABC_DEF0, 2**63, MAX_UINT64):
        yield valid(f"policy changed to {policy}", "policy-changed", policy_changed(policy))
    yield valid("policy changed in a long format", "policy-changed", policy_changed(7), array(b"\x0b", b"\x00", integer_in("int64", 7)))
    yield valid("policy changed with unknown elements at the end", "policy-changed", policy_changed(7), array(b"\x0b", b"\x00", b"\x07", NIL))


def malformed_vectors():
    yield from malformed_bodies()
    yield from truncated_bodies()
    yield from refused_by_state()
    yield from refused_attributes()
    yield from refused_strings()
    yield from beyond_limits()


def malformed_bodies():
    def bad(name, *pieces, kind="check", id=2):
        return invalid(name, kind, "malformed", *pieces, id=id)

    # No array, or not its beginning. Where the kind can't be read, the id is 0.
    yield bad("body of nil", NIL, kind="unknown", id=0)
    yield bad("body of an integer", b"\x03", kind="unknown", id=0)
    yield bad("body of a map", mapping(b"\x03", b"\x02"), kind="unknown", id=0)
    yield bad("body of the byte that is never used", NEVER_USED, kind="unknown", id=0)
    yield bad("empty array", array(), kind="unknown", id=0)
    yield bad("array without an id", array(b"\x03"), id=0)
    yield bad("kind as uint8", array(integer_in("uint8", 3), b"\x00", mapping()), id=0)
    yield bad("kind as str", array(text("check"), b"\x00", mapping()), kind="unknown", id=0)
    yield bad("kind below 0", array(b"\xff", b"\x00", mapping()), kind="unknown", id=0)
    for label, wrong_id in (("nil", NIL), ("str", text("2")), ("float", float64(2)), ("below 0", b"\xff"), ("2^32", integer(2**32)),
                            ("the greatest uint64", integer_in("uint64", 2**64 - 1))):
        yield bad(f"id: {label}", array(b"\x03", wrong_id, mapping()), id=0)

    # Elements that are missing, or in another format
    yield bad("check without attributes", array(b"\x03", b"\x02"))
    yield bad("report without records", array(b"\x05", b"\x02"), kind="report")
    hello_elements = [integer(1), integer(1), integer(266), text("a"), mapping()]
    for count in range(5):
        yield bad(f"hello with {count} of 5 elements", array(b"\x01", b"\x01", *hello_elements[:count]), kind="hello", id=1)
    for label, place, wrong in (("min version as str", 0, text("1")), ("max version below 0", 1, b"\xff"), ("word count as nil", 2, NIL),
                                ("name as nil", 3, NIL), ("name as bin", 3, binary(b"a")), ("name as word", 3, word("GET")),
                                ("base attributes as nil", 4, NIL), ("base attributes as array", 4, array())):
        elements = hello_elements[:place] + [wrong] + hello_elements[place + 1 :]
        yield bad(f"hello: {label}", array(b"\x01", b"\x01", *elements), kind="hello", id=1)
    for label, wrong in (("nil", NIL), ("str", text("1")), ("below 0", b"\xff"), ("2^32", integer(2**32)), ("array", array())):
        yield bad(f"hello: features as {label}", raw_hello(features=[wrong]), kind="hello", id=1)
    for label, wrong in (("nil", NIL), ("array", array()), ("str", text("")), ("integer", b"\x01")):
        yield bad(f"check: attributes as {label}", array(b"\x03", b"\x02", wrong))
    for label, wrong in (("nil", NIL), ("true", TRUE), ("bin", binary(b"a")), ("float", float64(8)), ("array", array()),
                         ("ext word", word_value(8, 1))):
        yield bad(f"check: attribute's name as {label}", raw_check(wrong, text("/admin")))
    for label, wrong in (("nil", NIL), ("map", mapping()), ("integer", b"\x00")):
        yield bad(f"check: quotas as {label}", array(b"\x03", b"\x02", mapping(), wrong))
    for label, wrong in (("nil", NIL), ("map", mapping()), ("empty array", array()), ("array of two", array(text("q"), b"\x01")),
                         ("name as word", array(word("GET"), b"\x01", FALSE)), ("name as nil", array(NIL, b"\x01", FALSE)),
                         ("amount as float", array(text("q"), float64(1), FALSE)),
                         ("amount of 2^63", array(text("q"), integer(2**63), FALSE)),
                         ("best effort as integer", array(text("q"), b"\x01", b"\x00")),
                         ("best effort as nil", array(text("q"), b"\x01", NIL))):
        yield bad(f"check: quota: {label}", array(b"\x03", b"\x02", mapping(), array(wrong)))
    for label, wrong in (("nil", NIL), ("bin", binary(b"a")), ("word", word("GET")), ("ext word", word_value(8, 1))):
        yield bad(f"check: deduplication id as {label}", array(b"\x03", b"\x02", mapping(), array(), wrong))
    for label, wrong in (("nil", NIL), ("str", text("1")), ("float", float64(100)), ("below 0", b"\xff"), ("2^32", integer(2**32)),
                         ("the greatest uint64", integer_in("uint64", 2**64 - 1)), ("array", array()), ("map", mapping())):
        yield bad(f"check: patience as {label}", array(b"\x03", b"\x02", mapping(), array(), text(""), wrong))
    for label, wrong in (("nil", NIL), ("map", mapping()), ("integer", b"\x00")):
        yield bad(f"report: records as {label}", array(b"\x05", b"\x02", wrong), kind="report")
    for label, wrong in (("nil", NIL), ("array", array())):
        yield bad(f"report: second record as {label}", array(b"\x05", b"\x02", array(mapping(), wrong)), kind="report")

    # Left-over bytes
    for label, rest in (("a zero byte", b"\x00"), ("nil", NIL), ("the byte that is never used", NEVER_USED),
                        ("another message", array(b"\x07", b"\x03"))):
        yield bad(f"left over: {label}", array(b"\x03", b"\x02", mapping()) + rest)
    yield bad("left over after a hello", raw_hello() + b"\x00", kind="hello", id=1)
    yield bad("left over after a report", array(b"\x05", b"\x02", array()) + b"\x00", kind="report")
    yield bad("left over after a ping", array(b"\x07", b"\x02") + b"\x00", kind="ping")

    # Depth, and the byte that begins no value. The message is depth 1, its map of attributes depth 2.
    yield bad("undeclared attribute that nests to depth 9", raw_check(text("x.undeclared"), array_header(1) * 6 + array()))
    yield bad("undeclared attribute that nests maps to depth 9",
              raw_check(text("x.undeclared"), (map_header(1) + text("k")) * 6 + mapping()))
    yield bad("unknown element that nests to depth 9", array(b"\x03", b"\x02", mapping(), array(), text(""), array_header(1) * 7 + array()))
    yield bad("undeclared attribute that nests to depth 2002", array_header(3) + b"\x03\x02" + map_header(1) + text("x.undeclared"),
              (array_header(1), 1999), array())
    yield bad("byte that is never used as an attribute's name", raw_check(NEVER_USED, TRUE))
    yield bad("byte that is never used as a value", raw_check(word("request.path"), NEVER_USED))
    yield bad("byte that is never used as an undeclared value", raw_check(text("x.undeclared"), NEVER_USED))
    yield bad("byte that is never used in a string map", raw_check(word("request.headers"), mapping(text("a"), NEVER_USED)))
    yield bad("byte that is never used as an unknown element", array(b"\x03", b"\x02", mapping(), array(), text(""), NEVER_USED))


def truncated_bodies():
    """Bodies that end too soon. README.md asks for each prefix of valid bodies besides."""

    def cut(place, body, kind="check", id=2):
        return invalid(f"cut short {place}", kind, "malformed", body, id=id)

    def in_value(name, value):
        return b"\x93\x03\x02\x81" + encode_word_or_text(name, ALL_WORDS) + value

    yield cut("in the array's header", b"\xdc\x00", "unknown", id=0)
    yield cut("before the kind", b"\x93", "unknown", id=0)
    yield cut("before the id", b"\x93\x03", id=0)
    yield cut("in the id", b"\x93\x03\xcd\x01", id=0)
    yield cut("before the attributes", b"\x93\x03\x02")
    yield cut("in the map's header", b"\x93\x03\x02\xde\x00")
    yield cut("before the first name", b"\x93\x03\x02\x81")
    yield cut("in a name's word", b"\x93\x03\x02\x81\xcd\x01")
    yield cut("in a name's text", b"\x93\x03\x02\x81" + text("request.path")[:5])
    yield cut("before the only value", in_value("request.path", b""))
    yield cut("before the second value", b"\x93\x03\x02\x82" + b"".join(RAW_PATH) + word("request.method"))
    yield cut("before the second attribute", b"\x93\x03\x02\x82" + b"".join(RAW_PATH))
    for label, value in (("in a str", text("/admin")[:4]), ("in a str's length", b"\xda\x00"), ("after a str's length", b"\xd9\x06"),
                         ("before a word's type", b"\xd4"), ("before a word's bytes", b"\xd5\x01"), ("in a word's bytes", b"\xd5\x01\x01"),
                         ("in an ext's length", b"\xc8\x00"), ("before an ext's type", b"\xc7\x02")):
        yield cut(label, in_value("request.path", value))
    yield cut("in an int64", in_value("request.size", b"\xd3\x00\x00\x00\x00\x00\x00\x00"))
    yield cut("in a uint8", in_value("request.size", b"\xcc"))
    yield cut("in a float 64", in_value("custom.double", b"\xcb\x3f\xf0"))
    yield cut("in a float 32", in_value("custom.double", b"\xca\x3f"))
    yield cut("in a timestamp", in_value("request.time", b"\xd6\xff\x00\x00\x00"))
    yield cut("before a timestamp's type", in_value("request.time", b"\xd7"))
    yield cut("in a duration", in_value("response.duration", b"\xd7\x02" + bytes(7)))
    yield cut("in an address", in_value("source.ip", b"\xd6\x03\x0a\x00\x00"))
    yield cut("in a bin", in_value("custom.bytes", b"\xc4\x02\x01"))
    yield cut("in a bin's length", in_value("custom.bytes", b"\xc5\x00"))
    yield cut("in a string map's header", in_value("request.headers", b"\xde\x00"))
    yield cut("before a string map's key", in_value("request.headers", b"\x81"))
    yield cut("in a string map's key", in_value("request.headers", b"\x81\xa3ab"))
    yield cut("before a string map's value", in_value("request.headers", b"\x81\xa1a"))
    yield cut("in a string map's value", in_value("request.headers", b"\x81\xa1a\xa3bc"))
    yield cut("in an undeclared array", b"\x93\x03\x02\x81" + text("x.undeclared") + b"\x92\x01")
    yield cut("in an undeclared array that claims 2^32-1 elements",
              b"\x93\x03\x02\x81" + text("x.undeclared") + b"\xdd\xff\xff\xff\xff\x01")
    yield cut("in an undeclared map that claims 2^32-1 entries",
              b"\x93\x03\x02\x81" + text("x.undeclared") + b"\xdf\xff\xff\xff\xff\x01\x01")
    yield cut("in an undeclared ext that claims 2^32-1 bytes", b"\x93\x03\x02\x81" + text("x.undeclared") + b"\xc9\xff\xff\xff\xff\x05\x01")
    yield cut("in a message that claims 2^32-1 elements", b"\xdd\xff\xff\xff\xff\x03\x02\x80")
    yield cut("before the quotas", b"\x94\x03\x02\x80")
    yield cut("before the only quota", b"\x94\x03\x02\x80\x91")
    yield cut("in a quota", b"\x94\x03\x02\x80\x91\x93\xa1q\x01")
    yield cut("before the deduplication id", b"\x95\x03\x02\x80\x90")
    yield cut("in the deduplication id", b"\x95\x03\x02\x80\x90\xa4ab")
    yield cut("before an unknown element", b"\x96\x03\x02\x80\x90\xa0")
    yield cut("in an unknown element", b"\x96\x03\x02\x80\x90\xa0\x92\xc0")
    yield cut("in a hello's name", raw_hello()[:-6], "hello", id=1)
    yield cut("before a hello's base attributes", raw_hello()[:-1], "hello", id=1)
    yield cut("before a hello's features", raw_hello(features=[b""]), "hello", id=1)
    yield cut("in a hello's features", raw_hello(features=[integer_in("uint16", 1)[:-1]]), "hello", id=1)
    yield cut("in a report, before the records", b"\x93\x05\x02", "report")
    yield cut("in a report, before the only record", b"\x93\x05\x02\x91", "report")
    yield cut("in a report, before the second record", b"\x93\x05\x02\x92\x80", "report")
    yield cut("in a report, in the second record", b"\x93\x05\x02\x92\x80" + mapping(*RAW_PATH)[:-1], "report")
    yield cut("in a ping, before the id", b"\x92\x07", "ping", id=0)


def refused_by_state():
    """Kinds, and what comes first."""
    for kind in (0, 12, 64, 127):
        yield invalid(f"kind {kind} is unknown", "unknown", "unknown-kind", array(integer(kind), b"\x02", mapping()))
    yield invalid("kind of the server: welcome", "welcome", "unknown-kind", encode("welcome", welcome({}, id=2)))
    yield invalid("kind of the server: verdict", "verdict", "unknown-kind", encode("verdict", verdict()))
    yield invalid("kind of the server: acknowledgement", "acknowledgement", "unknown-kind", encode("acknowledgement", acknowledgement(1)))
    yield invalid("kind of the server: going away", "going-away", "unknown-kind", array(b"\x09", b"\x02", b"\x01", text("")))
    yield invalid("kind of the server: error", "error", "unknown-kind", array(b"\x0a", b"\x02", b"\x0c", text("")))
    yield invalid("kind of the server: policy changed", "policy-changed", "unknown-kind", array(b"\x0b", b"\x02", b"\x07"))

    yield invalid("check before the hello", "check", "unexpected-hello", encode("check", check(PATH)), position="first")
    yield invalid("report before the hello", "report", "unexpected-hello", encode("report", report([PATH])), position="first")
    yield invalid("ping before the hello", "ping", "unexpected-hello", array(b"\x07", b"\x02"), position="first")
    yield invalid("second hello", "hello", "unexpected-hello", encode("hello", hello()), id=1, position="later")

    for low, high in ((2, 2), (2, 9), (0, 0), (MAX_UINT32, MAX_UINT32)):
        yield invalid(f"versions {low} to {high}", "hello", "unsupported-version", encode("hello", hello(low=low, high=high)), id=1)


def refused_attributes():
    def bad(name, problem, *keys_and_values):
        return invalid(name, "check", problem, raw_check(*keys_and_values))

    # Words
    above = ALL_WORDS + 1
    for label, index in (("0", integer(0)), ("0 as uint32", integer_in("uint32", 0)), (f"{above}", integer(above)),
                         ("2^32-1", integer(MAX_UINT32)), ("2^32+8", integer(2**32 + 8)), ("the greatest uint64", integer(2**64 - 1))):
        yield bad(f"word {label} as a name", "unknown-word", index, TRUE)
        yield bad(f"word {label} as a map's key", "unknown-word", word("request.headers"), mapping(index, text("v")))
        yield bad(f"word {label} as a map's value", "unknown-word", word("request.headers"), mapping(text("k"), index))
    for index, size in ((0, 1), (0, 2), (0, 4), (above, 2), (above, 4), (MAX_UINT32, 4)):
        yield bad(f"word {index} as a value in {size} bytes", "unknown-word", word("request.path"), word_value(index, size))

    # Types: every type with every sort of value that is not its own.
    values = {
        "true": TRUE, "integer": b"\x05", "float 64": float64(5), "float 32": float32(5), "str": text("5"), "bin": binary(b"5"),
        "array": array(), "map": mapping(), "word": word_value(8, 1), "timestamp": ext(TIMESTAMP_EXT, bytes(4)), "duration": duration_value(5),
        "address": ext(ADDRESS_EXT, bytes(4)), "unknown ext": ext(77, bytes(4)),
    }
    own = {"STRING": {"str", "word"}, "URI": {"str", "word"}, "INT64": {"integer"}, "DOUBLE": {"float 64", "float 32"}, "BOOL": {"true"},
           "TIMESTAMP": {"timestamp"}, "DURATION": {"duration"}, "BYTES": {"bin"}, "IP_ADDRESS": {"address"}, "STRING_MAP": {"map"}}
    for name in ("request.path", "request.size", "custom.double", "connection.mtls", "request.time", "response.duration", "custom.bytes",
                 "source.ip", "request.headers"):
        kind = VOCABULARY[name]
        for label, value in values.items():
            if label not in own[kind]:
                yield bad(f"{kind} as {label}", "wrong-type", encode_word_or_text(name, ALL_WORDS), value)

    # Right sort, wrong content
    yield bad("INT64 of 2^63", "wrong-type", word("request.size"), integer(2**63))
    yield bad("INT64 of 2^64-1", "wrong-type", word("request.size"), integer(2**64 - 1))
    for size in (0, 3, 8):
        yield bad(f"word in {size} bytes", "wrong-type", word("request.path"), ext(WORD_EXT, bytes(size)))
    for size in (0, 1, 5, 16):
        yield bad(f"TIMESTAMP in {size} bytes", "wrong-type", word("request.time"), ext(TIMESTAMP_EXT, bytes(size)))
    for size in (0, 4, 16):
        yield bad(f"DURATION in {size} bytes", "wrong-type", word("response.duration"), ext(DURATION_EXT, bytes(size)))
    for size in (0, 1, 5, 8, 17):
        yield bad(f"IP_ADDRESS in {size} bytes", "wrong-type", word("source.ip"), ext(ADDRESS_EXT, bytes(size)))
    for label, payload in (
            ("second after the range, 8 bytes", timestamp_payload(8, 9_223_372_037, 0)),
            ("second after the range, 12 bytes", timestamp_payload(12, 9_223_372_037, 0)),
            ("second before the range", timestamp_payload(12, -9_223_372_037, 0)),
            ("greatest seconds of 8 bytes", timestamp_payload(8, 2**34 - 1, 0)),
            ("least seconds of 12 bytes", timestamp_payload(12, MIN_INT64, 0)),
            ("greatest seconds of 12 bytes", timestamp_payload(12, MAX_INT64, 0)),
            ("10^9 nanoseconds, 8 bytes", timestamp_payload(8, 1, SECOND)),
            ("10^9 nanoseconds, 12 bytes", timestamp_payload(12, 1, SECOND)),
            ("greatest nanoseconds of 12 bytes", timestamp_payload(12, 1, MAX_UINT32))):
        yield bad(f"TIMESTAMP: {label}", "wrong-type", word("request.time"), ext(TIMESTAMP_EXT, payload))
    for label, wrong in (("nil", NIL), ("true", TRUE), ("float", float64(1)), ("bin", binary(b"a")), ("map", mapping()),
                         ("ext word", word_value(8, 1))):
        yield bad(f"STRING_MAP with a key as {label}", "wrong-type", word("request.headers"), mapping(wrong, text("v")))
        yield bad(f"STRING_MAP with a value as {label}", "wrong-type", word("request.headers"), mapping(text("k"), wrong))
    yield invalid("wrong type in the third record", "report", "wrong-type",
                  array(b"\x05", b"\x02", array(mapping(*RAW_PATH), mapping(), mapping(word("request.size"), text("5")))))
    yield invalid("wrong type in the base attributes", "hello", "wrong-type", raw_hello(word("request.size"), text("5")), id=1)
    yield invalid("nil in the base attributes", "hello", "wrong-type", raw_hello(word("source.name"), NIL), id=1)
    yield invalid("unknown word in the base attributes", "hello", "unknown-word", raw_hello(integer(above), TRUE), id=1)
    yield invalid("unknown word in a report", "report", "unknown-word", array(b"\x05", b"\x02", array(mapping(integer(above), TRUE))))

    # Duplicates
    as_word, as_text = word("request.path"), text("request.path")
    for label, first, second in (("word twice", as_word, as_word), ("word in two formats", as_word, integer_in("uint16", 8)),
                                 ("text twice", as_text, as_text), ("word, then text", as_word, as_text),
                                 ("text, then word", as_text, as_word)):
        yield bad(f"attribute stands twice: {label}", "duplicate-attribute", first, text("/a"), second, text("/b"))
    yield bad("attribute stands twice: same value", "duplicate-attribute", as_word, text("/a"), as_text, text("/a"))
    yield bad("attribute stands twice: removed and set", "duplicate-attribute", as_word, NIL, as_word, text("/a"))
    yield bad("attribute stands twice: removed twice", "duplicate-attribute", as_word, NIL, as_text, NIL)
    yield bad("attribute stands twice: not side by side", "duplicate-attribute", as_word, text("/a"), word("request.size"), b"\x01",
              as_text, text("/a"))
    as_word, as_text = word("cookie"), text("cookie")
    for label, first, second in (("word twice", as_word, as_word), ("text twice", as_text, as_text), ("word, then text", as_word, as_text),
                                 ("text, then word", as_text, as_word), ("text in two formats", as_text, text_in("str16", "cookie"))):
        yield bad(f"map's key stands twice: {label}", "duplicate-attribute", word("request.headers"),
                  mapping(first, text("a"), second, text("b")))
    yield bad("map's key stands twice: empty", "duplicate-attribute", word("request.headers"),
              mapping(text(""), text("a"), text(""), text("b")))
    many = [part for i in range(20) for part in (text(f"k{i}"), text("v"))]
    yield bad("map's key stands twice: first and last of many", "duplicate-attribute", word("request.headers"),
              mapping(*many, text("k0"), text("w")))
    twice = mapping(word("request.path"), text("/a"), text("request.path"), text("/b"))
    yield invalid("attribute stands twice in the second record", "report", "duplicate-attribute",
                  array(b"\x05", b"\x02", array(mapping(), twice)))
    yield invalid("attribute stands twice in the base attributes", "hello", "duplicate-attribute",
                  raw_hello(word("request.path"), text("/a"), text("request.path"), text("/b")), id=1)


def refused_strings():
    """Strings that are not UTF-8."""
    broken = {
        "lone continuation byte": b"\x80", "no continuation": b"a\xc3", "overlong slash": b"\xc0\xaf", "surrogate": b"\xed\xa0\x80",
        "above the last code point": b"\xf4\x90\x80\x80", "byte ff": b"a\xffb", "latin-1": b"caf\xe9 au lait",
    }
    for label, utf8 in broken.items():
        yield invalid(f"value not utf-8: {label}", "check", "invalid-utf8", raw_check(word("request.path"), raw_text(utf8)))
    bad_text = raw_text(b"a\xff")
    yield invalid("attribute's name not utf-8", "check", "invalid-utf8", raw_check(bad_text, TRUE))
    yield invalid("map's key not utf-8", "check", "invalid-utf8", raw_check(word("request.headers"), mapping(bad_text, text("v"))))
    yield invalid("map's value not utf-8", "check", "invalid-utf8", raw_check(word("request.headers"), mapping(text("k"), bad_text)))
    yield invalid("uri not utf-8", "check", "invalid-utf8", raw_check(text("custom.uri"), bad_text))
    yield invalid("quota's name not utf-8", "check", "invalid-utf8",
                  array(b"\x03", b"\x02", mapping(), array(array(bad_text, b"\x01", FALSE))))
    yield invalid("deduplication id not utf-8", "check", "invalid-utf8", array(b"\x03", b"\x02", mapping(), array(), bad_text))
    yield invalid("hello's name not utf-8", "hello", "invalid-utf8",
                  array(b"\x01", b"\x01", b"\x01", b"\x01", integer(266), bad_text, mapping()), id=1)
    yield invalid("value of a base attribute not utf-8", "hello", "invalid-utf8", raw_hello(word("source.name"), bad_text), id=1)
    yield invalid("value in a report not utf-8", "report", "invalid-utf8",
                  array(b"\x05", b"\x02", array(mapping(word("request.path"), bad_text))))


def beyond_limits():
    """Each limit of section 7 that a body can exceed, by one."""

    def bad(name, *pieces, kind="check", id=2):
        return invalid(name, kind, "limit-exceeded", *pieces, id=id)

    def long_value(name, value_header, *value_rest):
        return [array_header(3) + b"\x03\x02" + map_header(1) + encode_word_or_text(name, ALL_WORDS) + value_header, *value_rest]

    too_long = MAX_VALUE + 1
    yield bad("limit 3: 257 attributes", raw_check(*(part for index in range(1, 258) for part in (integer(index), NIL))))
    yield bad("limit 3: 257 attributes in a report",
              array(b"\x05", b"\x02", array(mapping(*(part for index in range(1, 258) for part in (integer(index), NIL))))), kind="report")
    yield bad("limit 4: 257 entries in a string map",
              raw_check(word("request.headers"), mapping(*(part for index in range(1, 258) for part in (integer(index), text(""))))))
    yield bad("limit 5: attribute's name of 257 bytes", raw_check(text("x" * 257), TRUE))
    yield bad("limit 5: quota's name of 257 bytes", array(b"\x03", b"\x02", mapping(), array(array(text("q" * 257), b"\x01", FALSE))))
    yield bad("limit 5: hello's name of 257 bytes",
              array(b"\x01", b"\x01", b"\x01", b"\x01", integer(266), text("n" * 257), mapping()), kind="hello", id=1)
    yield bad("limit 6: string of 65537 bytes", *long_value("request.path", text_header(too_long), (b"a", too_long)))
    yield bad("limit 6: bytes of 65537 bytes", *long_value("custom.bytes", length_in("bin32", too_long), (b"\x00", too_long)))
    yield bad("limit 6: map's key of 65537 bytes",
              *long_value("request.headers", map_header(1) + text_header(too_long), (b"k", too_long), text("v")))
    yield bad("limit 6: map's value of 65537 bytes",
              *long_value("request.headers", map_header(1) + text("k") + text_header(too_long), (b"v", too_long)))
    yield bad("limit 7: 10001 records", b"\x93\x05\x02" + array_header(MAX_RECORDS + 1), (mapping(), MAX_RECORDS + 1), kind="report")
    yield bad("limit 9: 17 quotas",
              array(b"\x03", b"\x02", mapping(), array(*(array(text(f"q{i}"), b"\x01", FALSE) for i in range(17)))))
    yield bad("deduplication id of 65 bytes", array(b"\x03", b"\x02", mapping(), array(), text("d" * 65)))


def frame_vectors():
    ping, pong, small_check = array(b"\x07", b"\x05"), array(b"\x08", b"\x05"), encode("check", check(PATH))
    greeting = encode("hello", hello())

    def frame(body):
        return len(body).to_bytes(4, "big") + body

    def frames(name, stream, *bodies, rest=b"", problem=None, limit=MAX_FRAME):
        vector = {"name": name, "kind": "frames", "limit": limit, "hex": stream.hex(),
                  "meaning": {"bodies": [body.hex() for body in bodies], "rest": rest.hex()}}
        if problem:
            vector["error"] = error_object(problem, 0)
        return vector

    too_large = (MAX_FRAME + 1).to_bytes(4, "big")
    largest = MAX_FRAME.to_bytes(4, "big")
    yield frames("nothing", b"")
    yield frames("one frame", frame(ping), ping)
    yield frames("hello of the specification", frame(greeting), greeting)
    yield frames("two frames", frame(ping) + frame(pong), ping, pong)
    yield frames("four frames", frame(greeting) + frame(small_check) + frame(ping) + frame(small_check), greeting, small_check, ping,
                 small_check)
    for size in (1, 2, 3):
        yield frames(f"{size} of a length's 4 bytes", frame(ping)[:size], rest=frame(ping)[:size])
    yield frames("length without a body", frame(ping)[:4], rest=frame(ping)[:4])
    yield frames("part of a body", frame(ping)[:5], rest=frame(ping)[:5])
    yield frames("all but a body's last byte", frame(small_check)[:-1], rest=frame(small_check)[:-1])
    yield frames("frame and part of a length", frame(ping) + b"\x00\x00", ping, rest=b"\x00\x00")
    yield frames("frame and part of a body", frame(ping) + frame(pong)[:6], ping, rest=frame(pong)[:6])
    yield frames("body of one byte", b"\x00\x00\x00\x01\xc0", b"\xc0")
    yield frames("length at the limit", largest + b"\x92", rest=largest + b"\x92")
    yield frames("body at a small limit", frame(ping), ping, limit=3)
    yield frames("length 0", bytes(4), problem="malformed")
    yield frames("length 0 after a frame", frame(ping) + bytes(4), ping, problem="malformed")
    yield frames("length 0 before a frame", bytes(4) + frame(ping), problem="malformed")
    yield frames("length one above the limit, nothing else", too_large, problem="frame-too-large")
    yield frames("length one above the limit, with the start of a body", too_large + ping, problem="frame-too-large")
    yield frames("length one above a small limit", frame(small_check), problem="frame-too-large", limit=len(small_check) - 1)
    yield frames("length above the limit after a frame", frame(ping) + too_large, ping, problem="frame-too-large")
    yield frames("length of 2^31", b"\x80\x00\x00\x00", problem="frame-too-large")
    yield frames("greatest length", b"\xff\xff\xff\xff", problem="frame-too-large")
    yield frames("text of another protocol", b"GET / HTTP/1.1\r\n", problem="frame-too-large")


FILES = {
    "hello.json": hello_vectors, "welcome.json": welcome_vectors, "check.json": check_vectors, "attributes.json": attribute_vectors,
    "verdict.json": verdict_vectors, "report.json": report_vectors, "acknowledgement.json": acknowledgement_vectors,
    "control.json": control_vectors, "malformed.json": malformed_vectors, "malformed-verdict.json": malformed_verdict_vectors,
    "frames.json": frame_vectors,
}


# ---------------------------------------------------------------------------------------------------------------------
# 6. Files
# ---------------------------------------------------------------------------------------------------------------------


def expand(vector):
    """The bytes of a vector."""
    if "hex" in vector:
        return bytes.fromhex(vector["hex"])
    return b"".join(bytes.fromhex(piece) if isinstance(piece, str) else bytes.fromhex(piece["repeat"]) * piece["times"]
                    for piece in vector["pieces"])


def check_vector(vector):
    """Decodes a vector anew and compares; an AssertionError says that this script contradicts itself."""
    body, name = expand(vector), vector["name"]
    if vector["kind"] == "frames":
        bodies, rest, problem = cut_frames(body, vector["limit"])
        assert vector["meaning"] == {"bodies": [body.hex() for body in bodies], "rest": rest.hex()}, name
        assert vector.get("error", {}).get("name") == problem, name
        return
    if "error" in vector:
        answer = server_answer(body, vector["position"])
        assert answer == (vector["error"]["name"], vector["error"]["id"]), f"{name}: {answer}"
        return
    words = vector.get("words", ALL_WORDS)
    wanted = {key: value for key, value in vector["meaning"].items() if key not in ("base", "resolved")}
    assert Decoder(body, words).decode() == (vector["kind"], wanted), name
    if "ignored" not in json.dumps(wanted):
        shortest = encode(vector["kind"], wanted, words)
        assert not vector["canonical"] or shortest == body, name
    for end in range(len(body)):  # a body cut short anywhere is malformed
        try:
            Decoder(body[:end], words).decode()
            raise AssertionError(f"{name}: cut at {end}")
        except Problem as problem:
            assert str(problem) == "malformed", f"{name}: cut at {end}: {problem}"


def put_json(value, indent=0, width=140):
    """JSON with small things on one line and everything else indented by two."""
    line = json.dumps(value)
    if not isinstance(value, (dict, list)) or not value or indent + len(line) <= width and indent > 2:
        return line
    inner = " " * (indent + 2)
    if isinstance(value, dict):
        parts = [f"{inner}{json.dumps(key)}: {put_json(item, indent + 2)}" for key, item in value.items()]
    else:
        parts = [inner + put_json(item, indent + 2) for item in value]
    brackets = "{}" if isinstance(value, dict) else "[]"
    return brackets[0] + "\n" + ",\n".join(parts) + "\n" + " " * indent + brackets[1]


def make_files():
    """The text of each file by its name."""
    files = {}
    for file_name, make in FILES.items():
        vectors = list(make())
        names = [vector["name"] for vector in vectors]
        assert len(set(names)) == len(names), f"{file_name}: a name stands twice"
        for vector in vectors:
            check_vector(vector)
        files[file_name] = put_json({"version": 1, "vectors": vectors}) + "\n"
    return files


def main():
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit(__doc__)
    files = make_files()
    if sys.argv[1:] == ["--check"]:
        there = {path.name: path.read_text(encoding="utf-8") for path in HERE.glob("*.json")}
        different = sorted(name for name in files.keys() | there.keys() if files.get(name) != there.get(name))
        if different:
            sys.exit("differ from what generate.py makes: " + ", ".join(different))
        return
    for name, content in files.items():
        HERE.joinpath(name).write_text(content, encoding="utf-8")
        print(f"{name}: {len(json.loads(content)['vectors'])} vectors")


if __name__ == "__main__":
    main()
