using System.Globalization;

namespace FastMixer.Client;

/// <summary>Tells which option is out of its range, what it is, and what would be right.</summary>
internal static class OptionRange
{
    /// <summary>Requires that an option is within its range, both ends included.</summary>
    /// <typeparam name="T">A number or a time.</typeparam>
    /// <param name="value">What it is. Not a number is within no range.</param>
    /// <param name="least">The least that it may be.</param>
    /// <param name="most">The most that it may be.</param>
    /// <param name="option">Its name, as people write it.</param>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static void Require<T>(T value, T least, T most, string option)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{option} is {value}: expected {least} to {most}."));
        }
    }
}
