namespace Ringmaster.Conformance.Tests.Qemu.Machine;

/// <summary>Addresses at which the test and the loader tell each other what is to be done and what has come of it.</summary>
internal static class Mailbox
{
    /// <summary>Incremented by the test: the case is ready. The loader copies it to <see cref="Done"/> when it is over.</summary>
    public const uint Request = Place.Mailbox, Done = Place.Mailbox + 4;

    /// <summary>How many pages to copy from <see cref="Place.Pages"/> to the addresses in <see cref="Place.PageList"/>.</summary>
    public const uint PageCount = Place.Mailbox + 8;

    /// <summary>One more than the vector of an exception that the loader itself has raised.</summary>
    public const uint Trouble = Place.Mailbox + 0xC;

    /// <summary>Not zero: the case starts with an NMI pending; with NMIs blocked.</summary>
    public const uint SendNmi = Place.Mailbox + 0x10, BlockNmi = Place.Mailbox + 0x14;

    /// <summary>NMIs that the loader's handler has seen.</summary>
    public const uint NmiCount = Place.Mailbox + 0x18;

    /// <summary>Not zero: the case has ended with NMIs blocked.</summary>
    public const uint NmiBlocked = Place.Mailbox + 0x1C;

    /// <summary>Registers other than RAX and RSP, which are in the control block; before and after.</summary>
    public const uint Registers = Place.Mailbox + 0x40;

    /// <summary>DR0 to DR3 before and after, and DR7 before without GD.</summary>
    public const uint Dr0 = Place.Mailbox + 0xC0, Dr7 = Place.Mailbox + 0xE0;

    /// <summary>Before and after.</summary>
    public const uint Xcr0 = Place.Mailbox + 0xE8, Pkru = Place.Mailbox + 0xF0;

    /// <summary>How many registers stand in <see cref="ModelSpecific"/>.</summary>
    public const uint ModelSpecificCount = Place.Mailbox + 0xF8;

    /// <summary>An FXSAVE image.</summary>
    public const uint Fx = Place.Mailbox + 0x200;

    /// <summary>Index and value of model-specific registers, sixteen bytes each; before and after.</summary>
    public const uint ModelSpecific = Place.Mailbox + 0x400;
}
