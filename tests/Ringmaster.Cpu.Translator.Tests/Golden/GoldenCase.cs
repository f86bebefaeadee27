using Iced.Intel;
using Ringmaster.Cpu.Translator.Translation;

namespace Ringmaster.Cpu.Translator.Tests.Golden;

/// <summary>Guest code whose translation is kept in a file.</summary>
/// <param name="Name">What it shows; the file's name.</param>
/// <param name="Kind">In what it is executed.</param>
/// <param name="Code">The instructions.</param>
internal sealed record GoldenCase(string Name, GuestKind Kind, Action<Assembler> Code)
{
    /// <summary>Where in its page the code begins.</summary>
    public int Offset { get; init; }

    /// <summary>The translation counts the guest's instructions.</summary>
    public bool Counts { get; init; }

    /// <summary>Other vCPUs may execute it while it is dropped.</summary>
    public bool IsShared { get; init; }

    /// <summary>It is known where the page that follows is mapped.</summary>
    public bool KnowsFollowing { get; init; }

    /// <summary>Its page check; 0 for none.</summary>
    public int Check { get; init; }

    /// <summary>It checks every operand alone.</summary>
    public bool IsUngrouped { get; init; }

    /// <summary>The operands that go to ever new pages.</summary>
    public Func<SlotKey, bool> IsScattered { get; init; } = _ => false;

    /// <summary>The code as bytes.</summary>
    public byte[] Assemble()
    {
        var assembler = new Assembler(Kind.Bits());
        Code(assembler);
        var bytes = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(bytes), Kind.Page() + (ulong)Offset);
        return bytes.ToArray();
    }
}
