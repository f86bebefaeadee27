using System.Globalization;
using Ringmaster.Host.Kvm;

namespace Ringmaster.Cpu.Kvm.Execution;

/// <summary>Says in sentences why the kernel cannot go on with a guest (api.rst, "The kvm_run structure").</summary>
internal static class ExitFailure
{
    private const uint Emulation = 1, SimultaneousExceptions = 2, Delivery = 3, UnexpectedExit = 4;
    private const ulong HasInstruction = 1;
    private const int LongestInstruction = 15;

    /// <summary>Describes an exit that no guest should cause.</summary>
    /// <param name="area">What came back.</param>
    /// <param name="rip">RIP.</param>
    public static string Describe(in KvmRunArea area, ulong rip)
    {
        var cause = area.ExitReason switch
        {
            KvmExitReason.FailEntry => $"The processor refused to enter the guest (hardware reason {area.HardwareReason:X}).",
            KvmExitReason.Unknown => $"The processor left the guest for a reason that the kernel does not know ({area.HardwareReason:X}).",
            KvmExitReason.InternalError => DescribeInternal(area.InternalError),
            _ => $"The kernel came back from the guest for a reason that is not expected ({(uint)area.ExitReason}).",
        };
        return string.Create(CultureInfo.InvariantCulture,
            $"KVM cannot go on with it at RIP {rip:X}. {cause} The engines \"translator\" and \"interpreter\" do not depend on it.");
    }

    private static string DescribeInternal(in KvmRunArea.InternalFailure failure) => failure.Kind switch
    {
        Emulation => $"The kernel cannot emulate the guest's instruction{Bytes(failure)}, which accesses a device or no memory at all.",
        SimultaneousExceptions => "Two exceptions came at the same time.",
        Delivery => "The delivery of an interrupt or exception did not work.",
        UnexpectedExit => $"The processor left the guest for an unexpected reason ({(failure.Count > 0 ? failure.Data[0] : 0):X}).",
        _ => $"The kernel reports an internal error of kind {failure.Kind}.",
    };

    // The words: flags, then the instruction's length and up to 15 bytes.
    private static string Bytes(in KvmRunArea.InternalFailure failure)
    {
        if (failure.Count < 3 || (failure.Data[0] & HasInstruction) == 0)
            return "";
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, failure.Data[1]);
        BitConverter.TryWriteBytes(bytes[8..], failure.Data[2]);
        var length = Math.Min((int)bytes[0], LongestInstruction);
        return length == 0 ? "" : $" ({string.Join(' ', bytes.Slice(1, length).ToArray().Select(b => b.ToString("X2", CultureInfo.InvariantCulture)))})";
    }
}
