using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;

namespace FastMixer.Cli.Replay;

/// <summary>
/// Cuts a log into lines at line feeds only, whatever else its lines hold. What begins as gzip does is unpacked. Memory stays bounded by
/// <see cref="MaxLineBytes"/> for any content.
/// </summary>
/// <param name="source">The log; disposed by the caller.</param>
/// <param name="name">Its name, for messages.</param>
internal sealed class AccessLogReader(Stream source, string name)
{
    /// <summary>The longest line that is read: web servers stop at 8 to 64 KiB for a request line and its headers.</summary>
    public const int MaxLineBytes = 128 * 1024;

    /// <summary>The name that stands for standard input.</summary>
    public const string StandardInput = "-";

    private const int ShownBytesOfLongLine = 80;

    /// <summary>The bytes of the file as it lies on the disk; null for standard input.</summary>
    public long? Length { get; } = source.CanSeek ? source.Length : null;

    /// <summary>How many of them are read. May be asked from any thread.</summary>
    public long Position => Length is null ? 0 : source.Position;

    /// <summary>Opens a log.</summary>
    /// <param name="path">A file, or <see cref="StandardInput"/>.</param>
    /// <exception cref="InputException">It cannot be opened.</exception>
    public static Stream Open(string path)
    {
        try
        {
            return path == StandardInput
                ? Console.OpenStandardInput()
                : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: the log cannot be opened: {exception.Message}", exception);
        }
    }

    /// <summary>Reads all lines, once.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InputException">The log cannot be read on.</exception>
    public async IAsyncEnumerable<LogLine> ReadLinesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        PipeReader pipe = await UnpackAsync(cancellationToken);
        long number = 0;
        bool skipping = false;
        while (true)
        {
            ReadResult result = await ReadAsync(pipe, cancellationToken);
            ReadOnlySequence<byte> rest = result.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                if (!skipping)
                {
                    yield return Line(++number, rest.Slice(0, end));
                }

                skipping = false;
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            if (!skipping && (rest.Length > MaxLineBytes || (result.IsCompleted && !rest.IsEmpty)))
            {
                yield return Line(++number, rest);
                skipping = true;
            }

            pipe.AdvanceTo(skipping ? rest.End : rest.Start, rest.End);
            if (result.IsCompleted)
            {
                yield break;
            }
        }
    }

    private static LogLine Line(long number, in ReadOnlySequence<byte> bytes)
    {
        if (bytes.Length > MaxLineBytes)
        {
            return new LogLine(number, Encoding.UTF8.GetString(bytes.Slice(0, ShownBytesOfLongLine)), IsTooLong: true);
        }

        string text = Encoding.UTF8.GetString(bytes);
        return new LogLine(number, text.EndsWith('\r') ? text[..^1] : text);
    }

    private async ValueTask<PipeReader> UnpackAsync(CancellationToken cancellationToken)
    {
        // Some lines at a time: a read from the disk costs more than what it copies.
        var options = new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true);
        PipeReader packed = PipeReader.Create(source, options);
        ReadResult start = await packed.ReadAtLeastAsync(2, cancellationToken);
        bool isGzip = IsGzip(start.Buffer);
        packed.AdvanceTo(start.Buffer.Start);
        return isGzip ? PipeReader.Create(new GZipStream(packed.AsStream(), CompressionMode.Decompress), options) : packed;
    }

    private static bool IsGzip(in ReadOnlySequence<byte> start)
    {
        var reader = new SequenceReader<byte>(start);
        return reader.TryRead(out byte first) && reader.TryRead(out byte second) && first == 0x1f && second == 0x8b;
    }

    private async ValueTask<ReadResult> ReadAsync(PipeReader pipe, CancellationToken cancellationToken)
    {
        try
        {
            return await pipe.ReadAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new InputException($"{name}: the log cannot be read on: {exception.Message}", exception);
        }
    }
}
