using Ringmaster.Cpu.Interpreter.Memory;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>MOV to and from debug registers (SDM 3B 17.2).</summary>
internal unsafe partial class Vcpu
{
    /// <summary>The checks that reads and writes share. DR4 and DR5 stand for DR6 and DR7 unless CR4.DE forbids them.</summary>
    /// <param name="index">The register named.</param>
    /// <param name="register">The register meant.</param>
    internal bool CheckDebugAccess(int index, out int register)
    {
        register = index is 4 or 5 ? index + 2 : index;
        // The privilege is checked before CR4.DE forbids the aliases.
        if (index <= 7 && Cpl != 0)
            return Fail(Vector.GeneralProtection, 0);
        if (index > 7 || (index is 4 or 5 && (Cr4 & Cr4Bits.DebuggingExtensions) != 0))
        {
            RaiseInvalidOpcode();
            return false;
        }
        if (!DetectsDebugAccess)
            return true;
        RaiseDebugAccess();
        return false;
    }

    /// <summary>Reads a debug register.</summary>
    internal ulong ReadDebug(int register) => register switch { < 4 => BreakpointAddress(register), 6 => Dr6, _ => Dr7 };

    /// <summary>Writes a debug register.</summary>
    /// <returns>False with #GP(0) pending.</returns>
    internal bool WriteDebug(int register, ulong value)
    {
        if (register >= 6 && value >> 32 != 0)
            return Fail(Vector.GeneralProtection, 0);
        switch (register)
        {
            case 0:
                Dr0 = value;
                break;
            case 1:
                Dr1 = value;
                break;
            case 2:
                Dr2 = value;
                break;
            case 3:
                Dr3 = value;
                break;
            case 6:
                Dr6 = (value & 0xE00F) | Dr6Fixed;
                return true;
            default:
                SetDr7(value);
                return true;
        }
        // Pages under watch are kept out of the TLB.
        if (HasBreakpoints)
            FlushTlb(TlbFlush.All);
        return true;
    }
}
