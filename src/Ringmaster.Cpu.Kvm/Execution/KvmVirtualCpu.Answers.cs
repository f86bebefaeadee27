using Ringmaster.Cpu.Exits;
using Ringmaster.Host.Kvm;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Kvm.Execution;

/// <content>
/// Exits that need an answer. The kernel finishes their instruction when the vCPU is entered the next time, and may come back with
/// another one of the same instruction.
/// </content>
internal sealed unsafe partial class KvmVirtualCpu
{
    private const byte Output = 1;

    /// <summary>The last exit reported waits for its answer.</summary>
    private bool _awaitsAnswer;

    /// <summary>The kernel has an instruction to finish.</summary>
    private bool _mustComplete;

    /// <summary>Which element of a string instruction's port access is being answered.</summary>
    private uint _element;

    /// <summary>Takes the answer to the last exit to the kernel.</summary>
    /// <returns>The next element's exit, if there is one.</returns>
    private VmExit? Take(ExitAnswer answer)
    {
        if (!_awaitsAnswer)
            return null;
        switch (_area->ExitReason)
        {
            case KvmExitReason.Io:
                if (_area->Io.Direction != Output)
                    WriteElement((uint)answer.Data);
                if (++_element < _area->Io.Count)
                    return PortAccess();
                break;
            case KvmExitReason.Mmio:
                if (_area->Memory.IsWrite == 0)
                    _area->Memory.Data = answer.Data;
                break;
            default:
                _area->Msr.Error = answer.Fault ? (byte)1 : (byte)0;
                if (_area->ExitReason == KvmExitReason.ReadMsr)
                    _area->Msr.Data = answer.Data;
                break;
        }
        _awaitsAnswer = false;
        return null;
    }

    private VmExit BeginPortAccess()
    {
        _element = 0;
        Await();
        return PortAccess();
    }

    private VmExit BeginMemoryAccess()
    {
        Await();
        var address = new GuestPhysicalAddress(_area->Memory.Address);
        var length = (int)_area->Memory.Length;
        var mask = length < 8 ? (1UL << (length * 8)) - 1 : ulong.MaxValue;
        return _area->Memory.IsWrite != 0 ? VmExit.MmioWrite(address, length, _area->Memory.Data & mask) : VmExit.MmioRead(address, length);
    }

    /// <summary>A register that is the kernel's comes here only if the kernel refuses the access.</summary>
    private VmExit? BeginMsrAccess()
    {
        var index = _area->Msr.Index;
        if (_msrs.Kept.Contains(index))
        {
            _area->Msr.Error = 1;
            _mustComplete = true;
            return null;
        }
        Await();
        return _area->ExitReason == KvmExitReason.WriteMsr ? VmExit.MsrWrite(index, _area->Msr.Data) : VmExit.MsrRead(index);
    }

    private void Await()
    {
        _awaitsAnswer = true;
        _mustComplete = true;
    }

    private VmExit PortAccess()
    {
        var port = new IoPort(_area->Io.Port);
        return _area->Io.Direction == Output ? VmExit.PortWrite(port, _area->Io.Size, ReadElement()) : VmExit.PortRead(port, _area->Io.Size);
    }

    // SAFETY: the kernel keeps all elements inside the area that it has mapped.
    private byte* Element => (byte*)_area + _area->Io.DataOffset + _element * _area->Io.Size;

    private uint ReadElement() => _area->Io.Size switch
    {
        1 => *Element,
        2 => *(ushort*)Element,
        _ => *(uint*)Element,
    };

    private void WriteElement(uint value)
    {
        switch (_area->Io.Size)
        {
            case 1:
                *Element = (byte)value;
                break;
            case 2:
                *(ushort*)Element = (ushort)value;
                break;
            default:
                *(uint*)Element = value;
                break;
        }
    }
}
