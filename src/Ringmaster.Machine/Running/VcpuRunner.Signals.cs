using Ringmaster.Cpu.State;
using Ringmaster.Devices.Apic;

namespace Ringmaster.Machine.Running;

/// <content>
/// What local APICs want of the vCPU besides interrupts, until its own thread comes to it: NMIs, and the signals that start a
/// processor (SDM 3A 9.4). Everything here is guarded by the machine's lock.
/// </content>
internal sealed partial class VcpuRunner : ILocalApicOutput
{
    private bool _nmiRequested;
    private bool _initRequested;
    private byte? _startupVector;
    private bool _waitsForStartup;

    private bool HasStartupSignal => _initRequested || _startupVector is not null;

    /// <inheritdoc/>
    public void InterruptPending() => Wake();

    /// <inheritdoc/>
    /// <remarks>A processor that waits for its start-up IPI takes it after that.</remarks>
    public void Nmi()
    {
        _nmiRequested = true;
        Wake();
    }

    /// <summary>
    /// An INIT. An application processor waits for a start-up IPI from then on. The bootstrap processor starts again at the
    /// reset vector (SDM 3A 9.4.4), where a PC has firmware that tells a warm start from a cold one. A machine that starts its
    /// kernel directly has nothing there, and a guest whose only processor resets itself wants to start again: there the INIT
    /// resets the whole machine.
    /// </summary>
    public void Init()
    {
        if (Role.InitResetsMachine)
        {
            _requests.AskReset();
            return;
        }
        _initRequested = true;
        _startupVector = null;
        _nmiRequested = false;
        Wake();
    }

    /// <summary>A start-up IPI. Only a processor that waits for one takes it, and of several the first.</summary>
    /// <param name="vector">Execution starts at physical address <paramref name="vector"/> * 4096.</param>
    public void Startup(byte vector)
    {
        if (Role.IsBootstrap || !(_waitsForStartup || _initRequested) || _startupVector is not null)
            return;
        _startupVector = vector;
        Wake();
    }

    /// <inheritdoc/>
    public void Smi()
    {
        // There is no system management mode: nothing was ever installed there, so the interrupt returns at once.
    }

    private void ResetSignals(CpuState state)
    {
        _nmiRequested = false;
        _initRequested = false;
        _startupVector = null;
        _waitsForStartup = state.Activity == ActivityState.WaitForStartup;
    }

    /// <summary>Carries out an INIT, a start-up IPI, or both in this order. No exit waits for an answer.</summary>
    private void StartUp()
    {
        bool isInit;
        byte? vector;
        lock (_machineLock)
        {
            (isInit, vector) = (_initRequested, _startupVector);
            _initRequested = false;
            _startupVector = null;
            _waitsForStartup = !Role.IsBootstrap && vector is null;
        }
        var state = new CpuState();
        _vcpu.Export(state);
        if (isInit)
        {
            state = state.AfterInit(Role.Signature);
            state.Activity = Role.IsBootstrap ? ActivityState.Running : ActivityState.WaitForStartup;
        }
        if (vector is { } start)
            state.StartUp(start);
        _vcpu.Import(state);
        _isHalted = false;
    }
}
