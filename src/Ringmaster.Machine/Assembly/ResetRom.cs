using Ringmaster.Memory;

namespace Ringmaster.Machine.Assembly;

/// <summary>
/// What is at the reset vector of a machine without firmware: a program that resets the whole machine. A processor comes there by an INIT
/// (SDM 3A 9.4.4) that an engine has carried out itself; see <see cref="Running.VcpuRunner.Init"/> for those that the machine hears of.
/// </summary>
internal static class ResetRom
{
    private const ulong Start = 0xFFFF_F000;
    private const int PageSize = 4096, VectorOffset = 0xFF0;

    private static ReadOnlySpan<byte> Program =>
    [
        0xBA, 0xF9, 0x0C, // mov dx, 0CF9h   ; the chipset's reset control
        0xB0, 0x06,       // mov al, 6
        0xEE,             // out dx, al
        0xF4,             // hlt
        0xEB, 0xFD,       // jmp the hlt
    ];

    /// <summary>The last page below 4 GiB.</summary>
    public static RomImage Image { get; } = Create();

    private static RomImage Create()
    {
        var content = new byte[PageSize];
        Program.CopyTo(content.AsSpan(VectorOffset));
        return new RomImage(new GuestPhysicalAddress(Start), content);
    }
}
