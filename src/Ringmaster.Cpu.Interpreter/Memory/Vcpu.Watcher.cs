using Ringmaster.Memory;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>How this vCPU takes part in the watch over pages that hold code.</summary>
internal sealed unsafe partial class Vcpu
{
    private sealed class Watcher(Vcpu cpu) : CodeWatcher
    {
        protected override void ProtectNow(ulong page) => cpu._tlbs.ProtectHostPage((ulong)cpu._memory.HostBase + (page << 12));

        protected override void DropNow(GuestPhysicalAddress address, int length) => cpu._blocks.Written(address, length);

        protected override void Notify() => Interlocked.Or(ref cpu.AttentionFlags, (int)Attention.Code);
    }
}
