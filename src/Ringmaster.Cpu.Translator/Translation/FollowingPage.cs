namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>The page behind the one that a region is in, for the instruction that crosses into it.</summary>
/// <param name="Physical">Number of the guest-physical page.</param>
/// <param name="Check">The page check that says whether it is still mapped there.</param>
internal readonly record struct FollowingPage(ulong Physical, int Check);
