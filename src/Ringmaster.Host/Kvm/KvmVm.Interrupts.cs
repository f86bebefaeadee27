using System.Runtime.InteropServices;

namespace Ringmaster.Host.Kvm;

/// <content>Interrupts, where the kernel has the local APICs.</content>
public sealed unsafe partial class KvmVm
{
    private const uint RouteIsWire = 1, RouteIsMessage = 2;

    /// <summary>Sends a message to the local APICs. From any thread.</summary>
    /// <returns>Whether one has accepted it.</returns>
    public bool Send(KvmMessage message)
    {
        var request = new MessageRequest { Low = message.Low, High = message.High, Data = message.Data };
        // An error is what the kernel returns where no local APIC has the destination.
        return Try(KvmRequest.SignalMsi, (nuint)(&request)) > 0;
    }

    /// <summary>Replaces the kernel's interrupt table.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void SetRoutes(ReadOnlySpan<KvmRoute> routes)
    {
        var entries = new RoutingEntry[routes.Length];
        for (var i = 0; i < routes.Length; i++)
        {
            var message = routes[i].Message;
            entries[i] = new RoutingEntry { Input = (uint)routes[i].Input, Kind = RouteIsMessage, First = message.Low, Second = message.High, Third = message.Data };
        }
        SetRoutes(entries);
    }

    private void SetRoutes(RoutingEntry[] entries)
    {
        var table = GC.AllocateArray<byte>(sizeof(RoutingHeader) + entries.Length * sizeof(RoutingEntry), pinned: true);
        // SAFETY: the array is pinned and as long as the header and its entries, and the call copies it.
        fixed (byte* start = table)
        {
            ((RoutingHeader*)start)->Count = (uint)entries.Length;
            entries.CopyTo(new Span<RoutingEntry>(start + sizeof(RoutingHeader), entries.Length));
            Ask(KvmRequest.SetRouting, (nuint)start, "KVM_SET_GSI_ROUTING");
        }
    }

    /// <summary>struct kvm_msi.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 32)]
    private struct MessageRequest
    {
        public uint Low, High, Data, Flags;
    }

    /// <summary>struct kvm_irq_routing, of which the entries follow.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct RoutingHeader
    {
        public uint Count;
        public uint Flags;
    }

    /// <summary>struct kvm_irq_routing_entry: of a message its halves of the address and its data, of a wire its chip and pin.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 48)]
    private struct RoutingEntry
    {
        public uint Input, Kind, Flags, Padding;
        public uint First, Second, Third;
    }
}
