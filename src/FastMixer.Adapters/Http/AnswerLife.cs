using System.Net.Http.Headers;

namespace FastMixer.Adapters.Http;

/// <summary>
/// How long an answer may be reused, as its headers say (RFC 9111): <c>cache-control</c>, less its <c>age</c>, or else <c>expires</c>. What cannot be
/// understood is not to be reused.
/// </summary>
internal static class AnswerLife
{
    /// <summary>How long an answer may be reused from now.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="settings">What holds where it says nothing, and at most.</param>
    /// <param name="now">The time now.</param>
    public static TimeSpan Of(HttpResponseMessage response, LifeSettings settings, DateTimeOffset now)
    {
        TimeSpan life = Control(response) ?? Expiry(response, now) ?? settings.Otherwise;
        return life < TimeSpan.Zero ? TimeSpan.Zero : life < settings.Most ? life : settings.Most;
    }

    // Null if the header says nothing of the time.
    private static TimeSpan? Control(HttpResponseMessage response)
    {
        if (!response.Headers.NonValidated.TryGetValues("cache-control", out HeaderStringValues raw))
        {
            return null;
        }

        if (!CacheControlHeaderValue.TryParse(string.Join(", ", raw), out CacheControlHeaderValue? control)
            || control.NoStore || control.NoCache || control.Private)
        {
            return TimeSpan.Zero;
        }

        return (control.SharedMaxAge ?? control.MaxAge) - (response.Headers.Age ?? TimeSpan.Zero);
    }

    private static TimeSpan? Expiry(HttpResponseMessage response, DateTimeOffset now)
    {
        if (!response.Content.Headers.NonValidated.Contains("expires"))
        {
            return null;
        }

        return response.Content.Headers.Expires is { } expires ? expires - (response.Headers.Date ?? now) : TimeSpan.Zero;
    }
}
