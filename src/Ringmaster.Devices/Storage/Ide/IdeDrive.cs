using Ringmaster.Devices.Storage.Ata;

namespace Ringmaster.Devices.Storage.Ide;

/// <summary>
/// A device's place on an IDE cable: its registers, its buffer, and the protocols by which data gets over the cable (ATA/ATAPI-7
/// volume 2, 9).
/// </summary>
/// <remarks>
/// At most one request to the back end is in flight. While there is one, the drive is busy, and a busy drive takes no register
/// writes; so it is also the selected one. What it does for a command is in IdeDrive.Transfer.
/// </remarks>
internal sealed partial class IdeDrive : IAtaTransport
{
    private readonly AtaDevice _device;
    private readonly IdeChannel _channel;
    private readonly SingleRequest _request = new();

    /// <summary>Connects a device to a cable.</summary>
    public IdeDrive(AtaDevice device, IdeChannel channel, bool isSecond)
    {
        device.Attach(this, isSecond ? AtaCable.Second : AtaCable.First);
        (_device, _channel) = (device, channel);
    }

    public TaskFile Registers { get; } = new();

    public byte Status { get; private set; }

    /// <summary>Whether it asks for an interrupt, whatever the host says about it.</summary>
    public bool Interrupt { get; private set; }

    public bool IsBusy => (Status & AtaRegisters.StatusBusy) != 0;

    /// <summary>Whether it waits for the bus master.</summary>
    public bool WaitsForDma => MovesByDma && !_request.IsInFlight;

    private PioBuffer Buffer { get; } = new();

    /// <summary>Carries out a command, and forgets what was left of an earlier one.</summary>
    public void Start(byte opcode)
    {
        Abandon();
        Acknowledge();
        Registers.ErrorBits = 0;
        StopData();
        _opcode = opcode;
        if (IsReset(opcode))
            Restart();
        else
            CarryOut(_device.Begin(Registers.ToCommand(opcode)));
        Update();
    }

    /// <summary>Whether a command is one that a busy drive takes, too.</summary>
    public bool IsReset(byte opcode) => _device.IsPacket && (AtaOpcode)opcode == AtaOpcode.DeviceReset;

    /// <summary>The host has read the status, or gives a command: the interrupt has been seen.</summary>
    public void Acknowledge()
    {
        Interrupt = false;
        Update();
    }

    public void AskInterrupt()
    {
        Interrupt = true;
        Update();
    }

    /// <summary>The host reads the data register.</summary>
    /// <param name="size">1, 2 or 4 bytes; 4 are two accesses of the 16-bit register.</param>
    public uint ReadData(int size)
    {
        if (size == 4)
            return ReadData(2) | ReadData(2) << 16;
        if (_step != IdeStep.DataIn)
            return uint.MaxValue >> (32 - 8 * size);
        var value = Buffer.Take(size);
        EndBlock();
        return value;
    }

    /// <summary>The host writes the data register.</summary>
    public void WriteData(int size, uint value)
    {
        if (size == 4)
        {
            WriteData(2, value & 0xFFFF);
            WriteData(2, value >> 16);
        }
        else if (_step == IdeStep.DataOut)
        {
            Buffer.Put(size, value);
            EndBlock();
        }
    }

    /// <summary>The bus master does not move data any more; what is not done now will be asked for again.</summary>
    public void StopDma()
    {
        if (MovesByDma)
            Abandon();
    }

    /// <summary>The software reset, and the tail of the other ones: forgets what it does and shows its signature.</summary>
    public void Restart()
    {
        Abandon();
        StopData();
        Interrupt = false;
        _device.SoftwareReset();
        Registers.Show(_device.Signature);
        Status = _device.StatusAfterReset;
        Update();
    }

    /// <summary>Puts it into the power-on state.</summary>
    public void Reset()
    {
        Registers.Reset();
        _device.Reset(isPowerOn: true);
        Restart();
    }

    /// <summary>Lets the host see busy while the reset line of the control register is up.</summary>
    public void HoldInReset()
    {
        Restart();
        Status = AtaRegisters.StatusBusy;
        Update();
    }

    /// <inheritdoc/>
    public bool GiveUp()
    {
        if (_steps.Count == 0)
            return false;
        Abandon();
        return true;
    }

    /// <inheritdoc/>
    public void End(AtaAction refusal)
    {
        Registers.Show(refusal);
        End(AtaRegisters.StatusReady | AtaRegisters.StatusError);
    }

    /// <summary>Ends a command. The host reads the last block of programmed I/O without being told that it was the last.</summary>
    private void End(byte status = AtaRegisters.StatusReady)
    {
        var isQuiet = _protocol == AtaProtocol.PioIn && status == AtaRegisters.StatusReady;
        if (IsPacket)
            Registers.CountByte = AtaRegisters.StatusPhase;
        StopData();
        Status = status;
        Interrupt |= !isQuiet;
        Update();
    }

    /// <summary>Gives up the request in flight; its end is ignored.</summary>
    private void Abandon() => _request.Abandon();

    private void Update() => _channel.UpdateInterrupt();
}
