using System.Runtime.InteropServices;

namespace Ringmaster.Host.Kvm;

/// <content>The clock that guests see through the kernel's interfaces for them.</content>
public sealed unsafe partial class KvmVm
{
    /// <summary>
    /// The guest's clock in nanoseconds. It always runs: who lets a guest stand still sets it when the guest goes on (api.rst, 4.29 and
    /// 4.30, without KVM_CLOCK_REALTIME).
    /// </summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public ulong Clock
    {
        get
        {
            ClockData data = default;
            Ask(KvmRequest.GetClock, ref data, "KVM_GET_CLOCK");
            return data.Nanoseconds;
        }
        set
        {
            var data = new ClockData { Nanoseconds = value };
            Ask(KvmRequest.SetClock, ref data, "KVM_SET_CLOCK");
        }
    }

    /// <summary>struct kvm_clock_data.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 48)]
    private struct ClockData
    {
        [FieldOffset(0)] public ulong Nanoseconds;
    }
}
