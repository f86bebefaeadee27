namespace Ringmaster.Cpu.Translator.Cache;

/// <summary>What in generated code depends on where it is, or where the guest's code is.</summary>
internal enum RelocationKind
{
    /// <summary>A linear address of the guest's, 64 bits.</summary>
    Linear,

    /// <summary>The complement of a linear address, 64 bits.</summary>
    Complement,

    /// <summary>The number of an exit, 32 bits.</summary>
    Exit,

    /// <summary>The distance to a routine outside the region, 32 bits, from behind it.</summary>
    Distance,

    /// <summary>The place of the page check of the region's page, 32 bits.</summary>
    Check,

    /// <summary>The place of the page check of the page that follows, 32 bits.</summary>
    FollowingCheck,
}
