using FastMixer.Client.Fleet.Counts;
using FastMixer.Client.Quotas;
using FastMixer.Client.Reports;

namespace FastMixer.Client;

/// <summary>What a client has counted since it was made. A count may lag behind by what other threads do at the moment.</summary>
/// <param name="Checks">Of checks.</param>
/// <param name="Quotas">Of what was taken ahead from quotas.</param>
/// <param name="Reports">Of records.</param>
/// <param name="Fleet">Of servers.</param>
public sealed record MixerClientStatistics(CheckCounts Checks, QuotaCounts Quotas, ReportCounts Reports, FleetCounts Fleet);

/// <summary>What became of checks.</summary>
/// <param name="Hits">Checks answered from kept verdicts in their time.</param>
/// <param name="Answers">Answers of servers, renewals included.</param>
/// <param name="AnswerTime">How long they took, all together.</param>
/// <param name="Shared">Checks that waited for another's question.</param>
/// <param name="Renewals">Verdicts that a server gave again before their time was over.</param>
/// <param name="Stale">Checks answered from verdicts whose time was over, since no server answered.</param>
/// <param name="FailedOpen">Checks allowed because nobody answered.</param>
/// <param name="FailedClosed">Checks denied because nobody answered.</param>
/// <param name="Refused">Checks that a server refused as wrong.</param>
/// <param name="NotKept">Reusable verdicts that could not be kept.</param>
public readonly record struct CheckCounts(
    long Hits,
    long Answers,
    TimeSpan AnswerTime,
    long Shared,
    long Renewals,
    long Stale,
    long FailedOpen,
    long FailedClosed,
    long Refused,
    long NotKept);
