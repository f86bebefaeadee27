using Ringmaster.Host.Kvm;

namespace Ringmaster.Cpu.Kvm.Execution;

/// <summary>How other threads make a vCPU come back from the guest, or not go there.</summary>
/// <remarks>
/// A kick notes itself, then sets the area's immediate-exit flag, then looks whether the vCPU's thread is inside and signals it. The
/// thread says that it is inside, clears the flag, then looks for a kick's note and sets the flag again. So a kick is seen before
/// the kernel looks at the flag, by the kernel there, or by its signal after that: none is lost (api.rst, "immediate_exit").
/// </remarks>
/// <param name="area">The vCPU's run area.</param>
internal sealed unsafe class KickGate(KvmRunArea* area)
{
    private readonly Lock _closing = new();
    private int _isKicked;
    private int _thread;
    private bool _isClosed;

    /// <summary>Makes the vCPU come back. From any thread.</summary>
    public void Kick()
    {
        lock (_closing)
        {
            if (_isClosed)
                return;
            Interlocked.Exchange(ref _isKicked, 1);
            area->ImmediateExit = 1;
            Interlocked.MemoryBarrier();
            if (Volatile.Read(ref _thread) is var inside and not 0)
                KickSignal.Send(inside);
        }
    }

    /// <summary>Takes a kick that has been made, so that it does nothing any more.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Take() => Volatile.Read(ref _isKicked) != 0 && Interlocked.Exchange(ref _isKicked, 0) != 0;

    /// <summary>The vCPU's thread is about to go to the kernel.</summary>
    /// <param name="returnsAtOnce">It is not to enter the guest.</param>
    public void Enter(bool returnsAtOnce)
    {
        Volatile.Write(ref _thread, KickSignal.CurrentThread);
        area->ImmediateExit = 0;
        Interlocked.MemoryBarrier();
        if (returnsAtOnce || Volatile.Read(ref _isKicked) != 0)
            area->ImmediateExit = 1;
    }

    /// <summary>The vCPU's thread is back.</summary>
    public void Leave() => Volatile.Write(ref _thread, 0);

    /// <summary>The area will be gone; kicks do nothing from now on.</summary>
    public void Close()
    {
        lock (_closing)
            _isClosed = true;
    }
}
