using System.Runtime.InteropServices;
using Ringmaster.Host.Waiting;

namespace Ringmaster.Host.Kvm;

/// <content>Accesses of the guest that set an event in place of an exit.</content>
public sealed unsafe partial class KvmVm
{
    private const uint Matches = 1, IsPort = 2, Removes = 4;

    /// <summary>Has the guest's writes to a place set an event, or no longer.</summary>
    /// <param name="place">Where, and what is written; to remove it, the same as when it was added.</param>
    /// <param name="bell">The event.</param>
    /// <param name="add">Whether from now on, or no longer.</param>
    /// <returns>False if the kernel refuses: there is one already, or there are too many.</returns>
    public bool TryRing(KvmDoorbell place, Alarm bell, bool add)
    {
        ArgumentNullException.ThrowIfNull(bell);
        var request = new DoorbellRequest
        {
            Value = place.Value ?? 0,
            Address = place.Address,
            Length = (uint)place.Length,
            Descriptor = bell.Descriptor,
            Flags = (place.Value is null ? 0 : Matches) | (place.IsPort ? IsPort : 0) | (add ? 0 : Removes),
        };
        return Try(KvmRequest.IoEvent, (nuint)(&request)) == 0;
    }

    /// <summary>struct kvm_ioeventfd.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    private struct DoorbellRequest
    {
        public ulong Value;
        public ulong Address;
        public uint Length;
        public int Descriptor;
        public uint Flags;
    }
}
