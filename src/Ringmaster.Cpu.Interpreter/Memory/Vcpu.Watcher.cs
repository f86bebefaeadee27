using Ringmaster.Memory;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>How this vCPU takes part in the watch over pages that hold code.</summary>
internal unsafe partial class Vcpu
{
    /// <summary>Makes all stores to a guest-physical page take the slow path.</summary>
    internal virtual void ProtectPage(ulong page) => _tlbs.ProtectHostPage((ulong)_memory.HostBase + (page << 12));

    /// <summary>Makes all stores take the slow path.</summary>
    internal virtual void ProtectAllPages() => _tlbs.ProtectAll();

    /// <summary>Drops code that came from some bytes of a page.</summary>
    internal virtual void DropCode(GuestPhysicalAddress address, int length) => _blocks.Written(address, length);

    /// <summary>Something has been stored to RAM on the slow path.</summary>
    internal virtual void OnStored(GuestPhysicalAddress address, int length)
    {
    }

    private sealed class Watcher(Vcpu cpu) : CodeWatcher
    {
        protected override void ProtectNow(ulong page) => cpu.ProtectPage(page);

        protected override void ProtectAllNow() => cpu.ProtectAllPages();

        protected override void DropNow(GuestPhysicalAddress address, int length) => cpu.DropCode(address, length);

        protected override void Notify() => cpu.Demand(Attention.Code);
    }
}
