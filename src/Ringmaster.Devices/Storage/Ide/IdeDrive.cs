namespace Ringmaster.Devices.Storage.Ide;

/// <summary>
/// A drive on an IDE cable: its registers, its buffer, and the protocol that is the same for all kinds (ATA/ATAPI-7 volume 2, 9).
/// </summary>
/// <remarks>
/// At most one request to the back end is in flight. While there is one, the drive is busy, and a busy drive takes no register
/// writes; so it is also the selected one.
/// </remarks>
public abstract class IdeDrive
{
    private readonly SingleRequest _request = new();
    private IdeChannel? _channel;

    private protected IdeDrive()
    {
    }

    internal TaskFile Registers { get; } = new();

    internal byte Status { get; private protected set; }

    /// <summary>Whether it asks for an interrupt, whatever the host says about it.</summary>
    internal bool Interrupt { get; private set; }

    internal bool IsBusy => (Status & IdeStatus.Busy) != 0;

    /// <summary>Whether it waits for the bus master.</summary>
    internal bool WaitsForDma => MovesByDma && !_request.IsInFlight;

    /// <summary>Whether it moves data by the bus master, or waits for that.</summary>
    private protected abstract bool MovesByDma { get; }

    private protected PioBuffer Buffer { get; } = new();

    private protected bool IsSecond { get; private set; }

    /// <summary>What its requests go to; null for none.</summary>
    private protected abstract IBlockBackend? Backend { get; }

    /// <summary>Whether the present block goes to the host.</summary>
    private protected abstract bool IsDataIn { get; }

    /// <summary>Whether it is a drive of packet commands, which its signature tells.</summary>
    private protected abstract bool IsPacket { get; }

    /// <summary>Connects it to a cable. A drive is on one for its life.</summary>
    internal void Attach(IdeChannel channel, bool isSecond)
    {
        if (_channel is not null)
            throw new InvalidOperationException("The drive is on another IDE channel already.");
        (_channel, IsSecond) = (channel, isSecond);
    }

    /// <summary>Carries out a command, and forgets what was left of an earlier one.</summary>
    internal void Start(byte command)
    {
        Abandon();
        Acknowledge();
        Registers.ErrorBits = 0;
        StopData();
        Execute(command);
        Update();
    }

    /// <summary>The host has read the status, or gives a command: the interrupt has been seen.</summary>
    internal void Acknowledge()
    {
        Interrupt = false;
        Update();
    }

    internal void AskInterrupt()
    {
        Interrupt = true;
        Update();
    }

    /// <summary>The host reads the data register.</summary>
    /// <param name="size">1, 2 or 4 bytes; 4 are two accesses of the 16-bit register.</param>
    internal uint ReadData(int size)
    {
        if (size == 4)
            return ReadData(2) | ReadData(2) << 16;
        if ((Status & IdeStatus.Data) == 0 || !IsDataIn)
            return uint.MaxValue >> (32 - 8 * size);
        var value = Buffer.Take(size);
        EndBlock();
        return value;
    }

    /// <summary>The host writes the data register.</summary>
    internal void WriteData(int size, uint value)
    {
        if (size == 4)
        {
            WriteData(2, value & 0xFFFF);
            WriteData(2, value >> 16);
        }
        else if ((Status & IdeStatus.Data) != 0 && !IsDataIn)
        {
            Buffer.Put(size, value);
            EndBlock();
        }
    }

    /// <summary>The bus master is ready to move what the drive waits for.</summary>
    internal abstract void ServeDma(BusMaster master);

    /// <summary>The bus master does not move data any more; what is not done now will be asked for again.</summary>
    internal void StopDma()
    {
        if (MovesByDma)
            Abandon();
    }

    /// <summary>The software reset, and the tail of the other ones: forgets what it does and shows its signature.</summary>
    internal void Restart()
    {
        Abandon();
        StopData();
        Interrupt = false;
        Restarted();
        Registers.SetSignature(IsPacket);
        Registers.ErrorBits = IdeStatus.Passed;
        // Drives of packet commands are not ready before their first command (ATA/ATAPI-7 volume 2, 9.2).
        Status = IsPacket ? (byte)0 : IdeStatus.Idle;
        Update();
    }

    /// <summary>Puts it into the power-on state.</summary>
    internal void Reset()
    {
        Registers.Reset();
        PowerOn();
        Restart();
    }

    /// <summary>Lets the host see busy while the reset line of the control register is up.</summary>
    internal void HoldInReset()
    {
        Restart();
        Status = IdeStatus.Busy;
        Update();
    }

    internal abstract IdeDriveState Capture();

    /// <summary>Looks whether a state is this drive's.</summary>
    /// <exception cref="State.SavedStateException">It is not.</exception>
    internal virtual void Check(string name, IdeDriveState state)
    {
        TaskFile.Check(name, state.Registers);
        PioBuffer.Check(name, state.Buffer);
    }

    /// <summary>Takes on a state that has been checked.</summary>
    internal virtual void Apply(IdeDriveState state)
    {
        Abandon();
        Registers.Apply(state.Registers);
        Buffer.Apply(state.Buffer);
        Interrupt = state.Interrupt;
    }

    /// <summary>Submits again what was in flight when the state was taken, once everything else is restored.</summary>
    internal abstract void Resume();

    private protected abstract void Execute(byte command);

    /// <summary>The host has moved a block over the data register.</summary>
    private protected abstract void BlockMoved();

    /// <summary>Forgets the data phase and what it belongs to.</summary>
    private protected abstract void Forget();

    /// <summary>Puts back what a software reset does.</summary>
    private protected abstract void Restarted();

    /// <summary>Puts back what only power-on does.</summary>
    private protected abstract void PowerOn();

    private protected IdeDriveState Capture(AtaDiskState? disk, AtapiDriveState? packet) =>
        new(Registers.Capture(), Status, Interrupt, Buffer.Capture(), disk, packet);

    /// <summary>Makes the next block of the buffer accessible.</summary>
    private protected void OpenBlock(int length, bool interrupts)
    {
        Buffer.Begin(length);
        Status = IdeStatus.Idle | IdeStatus.Data;
        Interrupt |= interrupts;
        Update();
    }

    /// <summary>Ends a command.</summary>
    private protected void End(byte status, bool interrupts = true)
    {
        StopData();
        Status = status;
        Interrupt |= interrupts;
        Update();
    }

    /// <summary>Ends a command with an error.</summary>
    private protected virtual void Fail(byte error)
    {
        Registers.ErrorBits = error;
        End(IdeStatus.Idle | IdeStatus.Error);
    }

    /// <summary>Asks for being served by the bus master, now or when it is ready.</summary>
    private protected void AskDma() => _channel?.ServeDma();

    /// <summary>Starts a request.</summary>
    private protected void Submit(BlockOperation operation, ulong offset, ulong length, IReadOnlyList<Memory<byte>> buffers, Action<BlockStatus> ended) =>
        _request.Submit(Backend!, new BlockRequest(operation, offset, length, ended) { Buffers = buffers });

    /// <summary>Gives up the request in flight; its end is ignored.</summary>
    private protected void Abandon() => _request.Abandon();

    private protected void Update() => _channel?.UpdateInterrupt();

    private void StopData()
    {
        Forget();
        Buffer.Clear();
    }

    private void EndBlock()
    {
        if (!Buffer.IsBlockDone)
            return;
        Status = IdeStatus.Busy;
        BlockMoved();
    }
}
