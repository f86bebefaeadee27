using Ringmaster.Devices.State;
using Ringmaster.Devices.Storage.Ata;

namespace Ringmaster.Devices.Storage.Ide;

/// <summary>The saved state.</summary>
internal sealed partial class IdeDrive
{
    public IdeDriveState Capture() => new(
        Registers.Capture(), Status, Interrupt, Buffer.Capture(), _step, _opcode, _protocol, _block, [.. _steps], _device.Capture());

    /// <summary>Looks whether a state is this drive's.</summary>
    /// <exception cref="SavedStateException">It is not.</exception>
    public void Check(string name, IdeDriveState state)
    {
        TaskFile.Check(name, state.Registers);
        PioBuffer.Check(name, state.Buffer);
        _device.Check(name, state.Device);
        if (!IsConsistent(state))
            throw new SavedStateException($"{name}: the saved state has a drive in the middle of a command that it cannot carry out.");
    }

    /// <summary>Takes on a state that has been checked. <see cref="Resume"/> follows when everything else is restored.</summary>
    public void Apply(IdeDriveState state)
    {
        Abandon();
        Registers.Apply(state.Registers);
        Buffer.Apply(state.Buffer);
        _device.Apply(state.Device);
        (Interrupt, _step, _opcode, _protocol, _block) = (state.Interrupt, state.Step, state.Opcode, state.Protocol, state.Block);
        _steps = [.. state.Steps];
        Status = _step switch
        {
            IdeStep.Idle => (byte)(state.Status & (AtaRegisters.StatusReady | AtaRegisters.StatusError)),
            IdeStep.DataIn or IdeStep.DataOut => AtaRegisters.StatusReady | AtaRegisters.StatusDataRequest,
            _ => AtaRegisters.StatusBusy,
        };
    }

    /// <summary>Submits again what was in flight when the state was taken.</summary>
    public void Resume()
    {
        switch (_step)
        {
            case IdeStep.Reading:
                ReadChunk(_steps[0]);
                break;
            case IdeStep.Writing:
                WriteChunk(_steps[0]);
                break;
            case IdeStep.Working:
                Work(_steps[0]);
                break;
        }
    }

    /// <summary>Whether a drive could be where a state says that it is.</summary>
    private bool IsConsistent(IdeDriveState state)
    {
        var (steps, buffer, isDma) = (state.Steps, state.Buffer, IsDma(state.Protocol));
        if (steps.Length > BlockJobs.MostSteps || !Array.TrueForAll(steps, step => step.IsValid) || (steps.Length != 0 && _device.Backend is null))
            return false;
        if (!Enum.IsDefined(state.Protocol) || state.Block is < 2 or > AtapiDrive.MostLimit || state.Block % 2 != 0)
            return false;
        BlockStep? first = steps.Length == 0 ? null : steps[0];
        var (isRead, moves) = (first?.Operation == BlockOperation.Read, first?.Moves == true);
        var (isInBlock, isLast) = (buffer.Position < buffer.End, buffer.End == buffer.Bytes.Length);
        var isChunk = moves && !isRead && buffer.Bytes.Length == ChunkOf(first!.Value);
        return state.Step switch
        {
            IdeStep.Idle => true,
            IdeStep.DataIn => isInBlock && !isDma,
            IdeStep.DataOut => isInBlock && !isDma && (first is null || isChunk),
            IdeStep.Reading => moves && isRead,
            IdeStep.Writing => isChunk,
            IdeStep.Sending => isInBlock && isLast && isDma,
            IdeStep.Receiving => isInBlock && isLast && isDma && first is null,
            IdeStep.Direct => moves && isDma && first!.Value.Fields is null,
            IdeStep.Working => first is not null && !moves,
            _ => false,
        };
    }
}
