using Ringmaster.Devices.Dma;
using Ringmaster.Devices.Storage.Ata;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Storage.Ahci;

/// <summary>A port of an AHCI controller (AHCI 1.3.1 section 3.3), and the device behind it, if there is one.</summary>
/// <remarks>
/// A command that is not queued occupies the port until it has ended; queued ones go to the device at once. After an error nothing is
/// carried out until software has stopped the port (section 6.2.2).
/// </remarks>
internal sealed partial class AhciPort : IAtaTransport
{
    /// <summary>Commands that can be outstanding.</summary>
    public const int Slots = 32;

    private const int ListRegister = 0x00, ListUpper = 0x04, FrameRegister = 0x08, FrameUpper = 0x0C, InterruptRegister = 0x10, EnableRegister = 0x14;
    private const int CommandRegister = 0x18, TaskFileRegister = 0x20, SignatureRegister = 0x24, LinkStatusRegister = 0x28;
    private const int LinkControlRegister = 0x2C, LinkErrorRegister = 0x30, ActiveRegister = 0x34, IssueRegister = 0x38;

    private const uint Start = 1 << 0, SpinUp = 1 << 1, PowerOn = 1 << 2, Override = 1 << 3, FramesEnable = 1 << 4, FramesRunning = 1 << 14, Running = 1 << 15;
    /// <summary>That the device is one of packet commands is among what software only notes here.</summary>
    private const uint Settable = Start | FramesEnable | 0x0F00_0000;

    private const uint Exchanged = 1 << 26, PhyChanged = 1 << 16;
    private const uint LinkUp = 0x123, NoSignature = uint.MaxValue, NoTaskFile = 0x7F;

    private readonly AtaDevice? _device;
    private readonly BlockJobs? _jobs;
    private readonly DmaSpace _dma;
    private readonly Func<bool> _isMaster;
    private readonly Action _changed;
    private AtaCommand _current;
    private uint _command, _linkControl, _linkErrors, _active, _issued, _taskFile, _signature;
    private ulong _list, _frames;
    private AhciInterrupts _interrupts, _enabled;
    private int _slot;
    private bool _isBusy, _isHalted, _isInSoftReset, _owesSignature;

    /// <summary>Makes a port.</summary>
    /// <param name="device">The device, or null for none.</param>
    /// <param name="dma">The guest's memory.</param>
    /// <param name="isMaster">Tells whether memory may be accessed.</param>
    /// <param name="changed">Called when the port's interrupt may have changed.</param>
    public AhciPort(AtaDevice? device, DmaSpace dma, Func<bool> isMaster, Action changed)
    {
        (_dma, _isMaster, _changed) = (dma, isMaster, changed);
        if (device is null)
            return;
        device.Attach(this, AtaCable.Serial);
        _device = device;
        _jobs = new BlockJobs(() => device.Backend!, dma, Ended);
    }

    /// <summary>Whether the port wants an interrupt.</summary>
    public bool IsInterrupting => (Interrupts & _enabled) != 0;

    private AhciInterrupts Interrupts => _interrupts
        | ((_linkErrors & Exchanged) != 0 ? AhciInterrupts.PortConnect : 0)
        | ((_linkErrors & PhyChanged) != 0 ? AhciInterrupts.PhyReady : 0);

    private uint LinkStatus => _device is null ? 0 : (_linkControl & 0xF) switch
    {
        0 => LinkUp,
        4 => 4,
        _ => 1,
    };

    /// <summary>Reads a register.</summary>
    /// <param name="offset">From the port's first, a multiple of 4.</param>
    public uint Read(int offset) => offset switch
    {
        ListRegister => (uint)_list,
        ListUpper => (uint)(_list >> 32),
        FrameRegister => (uint)_frames,
        FrameUpper => (uint)(_frames >> 32),
        InterruptRegister => (uint)Interrupts,
        EnableRegister => (uint)_enabled,
        CommandRegister => _command | SpinUp | PowerOn | (uint)_slot << 8
            | ((_command & FramesEnable) != 0 ? FramesRunning : 0) | ((_command & Start) != 0 ? Running : 0),
        TaskFileRegister => _taskFile,
        SignatureRegister => _signature,
        LinkStatusRegister => LinkStatus,
        LinkControlRegister => _linkControl,
        LinkErrorRegister => _linkErrors,
        ActiveRegister => _active,
        IssueRegister => _issued,
        _ => 0,
    };

    /// <summary>Writes a register.</summary>
    /// <param name="offset">From the port's first, a multiple of 4.</param>
    /// <param name="value">The value.</param>
    public void Write(int offset, uint value)
    {
        switch (offset)
        {
            case ListRegister:
                _list = (_list & ~(ulong)uint.MaxValue) | (value & ~0x3FFu);
                break;
            case ListUpper:
                _list = (uint)_list | (ulong)value << 32;
                break;
            case FrameRegister:
                _frames = (_frames & ~(ulong)uint.MaxValue) | (value & ~0xFFu);
                break;
            case FrameUpper:
                _frames = (uint)_frames | (ulong)value << 32;
                break;
            case InterruptRegister:
                _interrupts &= ~(AhciInterrupts)value;
                break;
            case EnableRegister:
                _enabled = (AhciInterrupts)value & (AhciInterrupts.Latched | AhciInterrupts.PortConnect | AhciInterrupts.PhyReady);
                break;
            case CommandRegister:
                WriteCommand(value);
                break;
            case LinkControlRegister:
                WriteLinkControl(value);
                break;
            case LinkErrorRegister:
                _linkErrors &= ~value;
                break;
            case ActiveRegister when (_command & Start) != 0:
                _active |= value;
                break;
            case IssueRegister when (_command & Start) != 0:
                _issued |= value;
                Work();
                break;
        }
        _changed();
    }

    /// <summary>Goes back to what is there after power-up; if the controller alone is reset, addresses stay (section 10.4.3).</summary>
    public void Reset(bool keepsAddresses)
    {
        StopCommands();
        if (!keepsAddresses)
            (_list, _frames) = (0, 0);
        (_command, _linkControl, _linkErrors) = (0, 0, 0);
        (_interrupts, _enabled) = (0, 0);
        (_taskFile, _signature) = (NoTaskFile, NoSignature);
        ResetLink(isPowerOn: !keepsAddresses);
        _linkErrors = 0;
    }

    /// <summary>Whether memory may be accessed has changed. Commands that the device works on are begun again when it may be.</summary>
    public void MasteringChanged()
    {
        if (_isMaster())
        {
            if (_owesSignature && (_command & FramesEnable) != 0)
                StoreSignature();
            Work();
            return;
        }
        foreach (var job in _jobs?.Cancel(_ => true) ?? [])
            _issued |= 1u << AhciTag.From(job.Tag).Slot;
        _isBusy = false;
    }

    private void WriteCommand(uint value)
    {
        var old = _command;
        _command = value & Settable;
        if ((value & Override) != 0)
            _taskFile &= ~(uint)(AtaRegisters.StatusBusy | AtaRegisters.StatusDataRequest);
        if ((old & Start) != 0 && (value & Start) == 0)
            StopCommands();
        if ((value & FramesEnable) != 0 && _owesSignature)
            StoreSignature();
    }

    /// <summary>Software stops the port: outstanding commands are forgotten (section 3.3.7).</summary>
    private void StopCommands()
    {
        _jobs?.Cancel(_ => true);
        (_issued, _active, _slot, _current) = (0, 0, 0, default);
        (_isHalted, _isInSoftReset) = (false, false);
        if (_isBusy)
            _taskFile = AtaRegisters.StatusReady;
        _isBusy = false;
    }

    /// <summary>A reset of the link resets the device; it is found again when software lets go (section 10.4.2).</summary>
    private void WriteLinkControl(uint value)
    {
        const uint detection = 0xF;
        var old = _linkControl;
        _linkControl = value & 0xFFF;
        if ((old & detection) == (value & detection) || _device is null)
            return;
        if ((value & detection) == 0)
        {
            ResetLink(isPowerOn: false);
            return;
        }
        _jobs?.Cancel(_ => true);
        _isBusy = false;
        (_taskFile, _signature, _owesSignature) = ((value & detection) == 4 ? NoTaskFile : AtaRegisters.StatusBusy, NoSignature, false);
    }

    private void ResetLink(bool isPowerOn)
    {
        _owesSignature = false;
        if (_device is null)
            return;
        _device.Reset(isPowerOn);
        ShowSignature(_device);
        _owesSignature = true;
        _linkErrors |= Exchanged | PhyChanged;
        if ((_command & FramesEnable) != 0)
            StoreSignature();
    }

    private void ShowSignature(AtaDevice device)
    {
        _taskFile = (uint)(device.Signature.Diagnosis << 8 | device.StatusAfterReset);
        _signature = (uint)(device.Signature.Lba!.Value << 8 | device.Signature.Count!.Value);
    }

    /// <summary>The frame that a device sends after a reset.</summary>
    private void StoreSignature()
    {
        if (!_isMaster() || _device is not { Signature: var signature } device)
            return;
        _owesSignature = false;
        var frame = AhciFis.ToRegisters(device.StatusAfterReset, signature.Diagnosis, signature.Lba!.Value, signature.Count!.Value, 0, interrupts: false);
        StoreFrame(AhciFis.RegistersOffset, frame);
    }

    private bool StoreFrame(int offset, byte[] fis)
    {
        if ((_command & FramesEnable) == 0 || _dma.TryWrite(new GuestPhysicalAddress(_frames) + (ulong)offset, fis))
            return true;
        Halt(AhciInterrupts.HostBusFatal);
        return false;
    }

    /// <summary>Nothing goes on until software has stopped the port.</summary>
    private void Halt(AhciInterrupts why)
    {
        _interrupts |= why;
        _isHalted = true;
    }
}
