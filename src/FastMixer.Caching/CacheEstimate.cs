namespace FastMixer.Caching;

/// <summary>
/// What part of the look-ups would find a value if the cache had room for another number of entries, as a sample of the keys tells that is followed through small caches
/// of the same make. Look-ups of what was expired or used up are left out: no size would help them.
/// </summary>
/// <param name="Half">At half the number of entries; 0 to 1.</param>
/// <param name="Same">At the number that it has.</param>
/// <param name="Double">At twice the number.</param>
/// <param name="LookUps">On how many sampled look-ups of late this rests: under some thousands it means little. 0 without a shadow.</param>
public readonly record struct CacheEstimate(double Half, double Same, double Double, long LookUps);
