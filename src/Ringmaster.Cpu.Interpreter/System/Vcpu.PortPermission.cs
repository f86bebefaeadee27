using Ringmaster.Cpu.Interpreter.Flags;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Who may use an I/O port (SDM 1 19.5).</summary>
internal unsafe partial class Vcpu
{
    /// <summary>Offset of the I/O map's offset in a 32- or 64-bit TSS.</summary>
    private const uint TssIoMap = 102;

    /// <summary>Checks IOPL and the I/O permission bitmap of the task state segment.</summary>
    /// <param name="port">First port.</param>
    /// <param name="size">Bytes: 1, 2 or 4.</param>
    /// <returns>False with #GP(0), another fault or a question pending.</returns>
    internal bool CheckPortPermission(ushort port, int size)
    {
        if (!_isProtectedMode || (Cpl <= Iopl && (OtherFlags & Rflags.Virtual8086) == 0))
            return true;
        ref readonly var task = ref Segments[SegmentIndex.Tr];
        if (task.Attributes.Type is not (DescriptorType.Tss or DescriptorType.BusyTss) || task.Limit < TssIoMap + 1)
            return Fail(Vector.GeneralProtection, 0);
        if (!ReadSystem(task.Base + TssIoMap, out ushort map))
            return false;
        // Two bytes are always read, so a byte of ones must follow the bitmap.
        var offset = (uint)map + port / 8u;
        if (offset + 1 > task.Limit)
            return Fail(Vector.GeneralProtection, 0);
        if (!ReadSystem(task.Base + offset, out ushort bits))
            return false;
        var mask = ((1u << size) - 1) << (port & 7);
        return (bits & mask) == 0 || Fail(Vector.GeneralProtection, 0);
    }
}
