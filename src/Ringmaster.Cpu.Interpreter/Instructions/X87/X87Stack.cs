using System.Runtime.CompilerServices;
using Ringmaster.Cpu.Interpreter.FloatingPoint;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Instructions.X87;

/// <summary>The x87 register stack with its tags and status word, as instructions see it (SDM 1 8.1.2, 8.5).</summary>
internal readonly ref struct X87Stack
{
    /// <summary>The QNaN that an invalid operation stores.</summary>
    public static readonly FloatRegister Indefinite = new(0xC000_0000_0000_0000, 0xFFFF);

    private readonly ref FpuState _state;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public X87Stack(ref FpuState state) => _state = ref state;

    /// <summary>TOP.</summary>
    public int Top => _state.StatusWord >> X87Status.TopShift & 7;

    /// <summary>A fresh context with the control word's modes.</summary>
    public FloatContext Context => FloatContext.FromControlWord(_state.ControlWord);

    /// <summary>Whether invalid operations are masked: stack faults are among them.</summary>
    public bool IsInvalidMasked => (_state.ControlWord & (ushort)FloatExceptions.Invalid) != 0;

    /// <summary>ST(i). Writing marks it as not empty.</summary>
    public FloatRegister this[int i]
    {
        get => _state.Registers[(Top + i) & 7];
        set
        {
            var physical = (Top + i) & 7;
            _state.Registers[physical] = value;
            _state.TagWord |= (byte)(1 << physical);
        }
    }

    /// <summary>ST(i), taken apart.</summary>
    public Unpacked Value(int i) => SoftFloat.Unpack80(this[i]);

    /// <summary>Whether ST(i) is empty.</summary>
    public bool IsEmpty(int i) => (_state.TagWord >> ((Top + i) & 7) & 1) == 0;

    /// <summary>Marks ST(i) as empty; its content stays.</summary>
    public void Free(int i) => _state.TagWord &= (byte)~(1 << ((Top + i) & 7));

    /// <summary>Moves TOP; nothing else changes.</summary>
    public void Rotate(int by) =>
        _state.StatusWord = (ushort)((_state.StatusWord & ~X87Status.Top) | (((Top + by) & 7) << X87Status.TopShift));

    /// <summary>Empties ST(0) and increments TOP.</summary>
    public void Pop()
    {
        Free(0);
        Rotate(1);
    }

    /// <summary>Decrements TOP and writes the new ST(0).</summary>
    public void Push(FloatRegister value)
    {
        Rotate(-1);
        this[0] = value;
    }

    /// <summary>Sets C1 to 0 or 1.</summary>
    public void SetC1(bool value) =>
        _state.StatusWord = (ushort)((_state.StatusWord & ~X87Status.C1) | (value ? X87Status.C1 : 0));

    /// <summary>Replaces all four condition codes.</summary>
    public void SetConditions(int conditions) =>
        _state.StatusWord = (ushort)((_state.StatusWord & ~X87Status.Conditions) | conditions);

    /// <summary>Records exceptions in the status word.</summary>
    public void Raise(FloatExceptions raised)
    {
        _state.StatusWord |= (ushort)raised;
        if (((ushort)raised & ~_state.ControlWord & X87Status.Exceptions) != 0)
            _state.StatusWord |= X87Status.ErrorSummary | X87Status.Busy;
    }

    /// <summary>Records what an operation found and sets C1.</summary>
    /// <returns>Whether its result may be stored in a register: no unmasked exception of an operand was found.</returns>
    public bool Accept(in FloatContext context)
    {
        SetC1(context.RoundedUp && !context.IsAbandoned);
        if (context.Raised == FloatExceptions.None)
            return true;
        Raise(context.Raised);
        return !context.IsAbandoned;
    }

    /// <summary>
    /// As <see cref="Accept"/> for a result that goes to memory: unmasked overflow and underflow keep it from being stored too,
    /// and then inexactness is not reported (SDM 1 8.5.6).
    /// </summary>
    public bool AcceptStore(FloatContext context)
    {
        if ((context.Raised & ~context.Masked & (FloatExceptions.Overflow | FloatExceptions.Underflow)) == 0)
            return Accept(context);
        context.Raised &= ~FloatExceptions.Inexact;
        context.RoundedUp = false;
        Accept(context);
        return false;
    }

    /// <summary>Records a stack fault: C1 tells overflow (1) from underflow (0).</summary>
    /// <returns>Whether it is masked, so that the instruction goes on with the indefinite value.</returns>
    public bool Fault(bool overflow)
    {
        SetC1(overflow);
        _state.StatusWord |= X87Status.StackFault;
        Raise(FloatExceptions.Invalid);
        return IsInvalidMasked;
    }

    /// <summary>Pushes a value unless ST(7) is in use, which is a stack overflow.</summary>
    public void PushChecked(FloatRegister value)
    {
        if (IsEmpty(7))
        {
            SetC1(false);
            Push(value);
        }
        else if (Fault(overflow: true))
        {
            Push(Indefinite);
        }
    }

    /// <summary>Recomputes the error summary after flags or masks have been loaded.</summary>
    public void UpdateSummary()
    {
        const ushort summary = X87Status.ErrorSummary | X87Status.Busy;
        if ((_state.StatusWord & ~_state.ControlWord & X87Status.Exceptions) != 0)
            _state.StatusWord |= summary;
        else
            _state.StatusWord &= unchecked((ushort)~summary);
    }
}
