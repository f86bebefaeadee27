using FsCheck;
using FsCheck.Fluent;
using Iced.Intel;
using Ringmaster.Cpu.Translator.Emission;

namespace Ringmaster.Cpu.Translator.Tests.Emission;

/// <summary>What the assembler emits, decoded by another party, is what was asked for.</summary>
public sealed class HostAssemblerTests
{
    private const ulong Origin = 0x7F00_0000_1000;

    private static readonly Gen<HostRegister> s_registers = Gen.Choose(0, 15).Select(r => (HostRegister)r);

    private static readonly Gen<int> s_displacements = Gen.Frequency(
        (1, Gen.Constant(0)), (2, Gen.Choose(-129, 129)), (2, Gen.Choose(int.MinValue, int.MaxValue)));

    private static readonly Gen<Address> s_addresses =
        from @base in s_registers
        from index in Gen.Choose(0, 15).Where(r => r != 4).Select(r => (HostRegister)r)
        from scale in Gen.Choose(0, 3)
        from displacement in s_displacements
        from form in Gen.Choose(0, 4)
        select form switch
        {
            0 => Address.At(@base, displacement),
            1 => Address.At(@base, index, scale, displacement),
            2 => Address.Area(displacement & int.MaxValue),
            3 => Address.Area(displacement & int.MaxValue, index, scale),
            _ => Address.AreaAt(displacement, @base),
        };

    private sealed record Operands(HostRegister To, HostRegister From, HostRegister Third, Address Address, int Value, int Alu, int Condition);

    private static readonly Gen<Operands> s_operands =
        from to in s_registers
        from @from in s_registers
        from third in s_registers
        from address in s_addresses
        from value in s_displacements
        from alu in Gen.Choose(0, 7)
        from condition in Gen.Choose(0, 15)
        select new Operands(to, @from, third, address, value, alu, condition);

    private static readonly Dictionary<string, (Action<HostAssembler, Operands> Emit, Func<Operands, Instruction> Expected)> s_cases = new()
    {
        ["Load"] = ((c, o) => c.Load(o.To, o.Address), o => Instruction.Create(Code.Mov_r64_rm64, R64(o.To), At(o))),
        ["Load32"] = ((c, o) => c.Load32(o.To, o.Address), o => Instruction.Create(Code.Mov_r32_rm32, R32(o.To), At(o))),
        ["Load16"] = ((c, o) => c.Load16(o.To, o.Address), o => Instruction.Create(Code.Movzx_r32_rm16, R32(o.To), At(o))),
        ["LoadByte"] = ((c, o) => c.LoadByte(o.To, o.Address), o => Instruction.Create(Code.Movzx_r32_rm8, R32(o.To), At(o))),
        ["ZeroExtend16"] = ((c, o) => c.ZeroExtend16(o.To, o.From), o => Instruction.Create(Code.Movzx_r32_rm16, R32(o.To), R16(o.From))),
        ["Store"] = ((c, o) => c.Store(o.Address, o.From), o => Instruction.Create(Code.Mov_rm64_r64, At(o), R64(o.From))),
        ["Store32"] = ((c, o) => c.Store32(o.Address, o.From), o => Instruction.Create(Code.Mov_rm32_r32, At(o), R32(o.From))),
        ["Store16"] = ((c, o) => c.Store16(o.Address, o.From), o => Instruction.Create(Code.Mov_rm16_r16, At(o), R16(o.From))),
        ["Store a constant"] = ((c, o) => c.Store(o.Address, o.Value), o => Instruction.Create(Code.Mov_rm64_imm32, At(o), o.Value)),
        ["Store32 a constant"] = ((c, o) => c.Store32(o.Address, o.Value), o => Instruction.Create(Code.Mov_rm32_imm32, At(o), o.Value)),
        ["Move32"] = ((c, o) => c.Move32(o.To, o.From), o => Instruction.Create(Code.Mov_r32_rm32, R32(o.To), R32(o.From))),
        ["Lea"] = ((c, o) => c.Lea(o.To, o.Address), o => Instruction.Create(Code.Lea_r64_m, R64(o.To), At(o))),
        ["Lea32"] = ((c, o) => c.Lea32(o.To, o.Address), o => Instruction.Create(Code.Lea_r32_m, R32(o.To), At(o))),
        ["Do"] = ((c, o) => c.Do((Alu)o.Alu, o.To, o.From), o => Instruction.Create(Operation(o, Code.Add_r64_rm64), R64(o.To), R64(o.From))),
        ["Do32"] = ((c, o) => c.Do32((Alu)o.Alu, o.To, o.From), o => Instruction.Create(Operation(o, Code.Add_r32_rm32), R32(o.To), R32(o.From))),
        ["Do from memory"] = ((c, o) => c.Do((Alu)o.Alu, o.To, o.Address), o => Instruction.Create(Operation(o, Code.Add_r64_rm64), R64(o.To), At(o))),
        ["Do32 from memory"] = ((c, o) => c.Do32((Alu)o.Alu, o.To, o.Address), o => Instruction.Create(Operation(o, Code.Add_r32_rm32), R32(o.To), At(o))),
        ["Do a constant"] = ((c, o) => c.Do((Alu)o.Alu, o.To, o.Value), o => Instruction.Create(Operation(o, Code.Add_rm64_imm32), R64(o.To), o.Value)),
        ["Do a constant, 32 bits"] = ((c, o) => c.Do((Alu)o.Alu, o.To, o.Value, wide: false), o => Instruction.Create(Operation(o, Code.Add_rm32_imm32), R32(o.To), o.Value)),
        ["Do32 a constant in memory"] = ((c, o) => c.Do32((Alu)o.Alu, o.Address, (sbyte)o.Value), o => Instruction.Create(Operation(o, Code.Add_rm32_imm8), At(o), (int)(sbyte)o.Value)),
        ["Test"] = ((c, o) => c.Test(o.To, o.From), o => Instruction.Create(Code.Test_rm64_r64, R64(o.From), R64(o.To))),
        ["Test, 32 bits"] = ((c, o) => c.Test(o.To, o.From, wide: false), o => Instruction.Create(Code.Test_rm32_r32, R32(o.From), R32(o.To))),
        ["TestCl"] = ((c, o) => c.TestCl((byte)o.Value), o => Instruction.Create(Code.Test_rm8_imm8, Register.CL, (int)(byte)o.Value)),
        ["ShiftRight"] = ((c, o) => c.ShiftRight(o.To, (byte)o.Value), o => Instruction.Create(Code.Shr_rm64_imm8, R64(o.To), (int)(byte)o.Value)),
        ["ShiftRightSigned"] = ((c, o) => c.ShiftRightSigned(o.To, (byte)o.Value, wide: true), o => Instruction.Create(Code.Sar_rm64_imm8, R64(o.To), (int)(byte)o.Value)),
        ["ShiftRightSigned, 32 bits"] = ((c, o) => c.ShiftRightSigned(o.To, (byte)o.Value, wide: false), o => Instruction.Create(Code.Sar_rm32_imm8, R32(o.To), (int)(byte)o.Value)),
        ["ShiftLeft"] = ((c, o) => c.ShiftLeft(o.To, (byte)o.Value), o => Instruction.Create(Code.Shl_rm64_imm8, R64(o.To), (int)(byte)o.Value)),
        ["ShiftLeft by a register"] = ((c, o) => c.ShiftLeft(o.To, o.From, o.Third), o => Instruction.Create(Code.VEX_Shlx_r64_rm64_r64, R64(o.To), R64(o.From), R64(o.Third))),
        ["BitScanReverse"] = ((c, o) => c.BitScanReverse(o.To, o.From), o => Instruction.Create(Code.Bsr_r64_rm64, R64(o.To), R64(o.From))),
        ["MoveIf"] = ((c, o) => c.MoveIf((Condition)o.Condition, o.To, o.From), o => Instruction.Create(Code.Cmovo_r64_rm64 + o.Condition * (Code.Cmovno_r64_rm64 - Code.Cmovo_r64_rm64), R64(o.To), R64(o.From))),
        ["Negate"] = ((c, o) => c.Negate(o.To), o => Instruction.Create(Code.Neg_rm64, R64(o.To))),
        ["Not"] = ((c, o) => c.Not(o.To), o => Instruction.Create(Code.Not_rm64, R64(o.To))),
        ["RotateRight32"] = ((c, o) => c.RotateRight32(o.To, (byte)o.Value), o => Instruction.Create(Code.Ror_rm32_imm8, R32(o.To), (int)(byte)o.Value)),
        ["Push"] = ((c, o) => c.Push(o.To), o => Instruction.Create(Code.Push_r64, R64(o.To))),
        ["Pop"] = ((c, o) => c.Pop(o.To), o => Instruction.Create(Code.Pop_r64, R64(o.To))),
        ["Push a constant"] = ((c, o) => c.Push(o.Value), o => Instruction.Create(Code.Pushq_imm32, o.Value)),
        ["Push from memory"] = ((c, o) => c.Push(o.Address), o => Instruction.Create(Code.Push_rm64, At(o))),
        ["Pop to memory"] = ((c, o) => c.Pop(o.Address), o => Instruction.Create(Code.Pop_rm64, At(o))),
        ["PushFlags"] = ((c, _) => c.PushFlags(), _ => Instruction.Create(Code.Pushfq)),
        ["PopFlags"] = ((c, _) => c.PopFlags(), _ => Instruction.Create(Code.Popfq)),
        ["ExtractBits"] = ((c, o) => c.ExtractBits(o.To, o.From, o.Address), o => Instruction.Create(Code.VEX_Pext_r64_r64_rm64, R64(o.To), R64(o.From), At(o))),
        ["DepositBits"] = ((c, o) => c.DepositBits(o.To, o.From, o.Address), o => Instruction.Create(Code.VEX_Pdep_r64_r64_rm64, R64(o.To), R64(o.From), At(o))),
        ["Return"] = ((c, _) => c.Return(), _ => Instruction.Create(Code.Retnq)),
        ["Return with bytes"] = ((c, o) => c.Return((ushort)o.Value), o => Instruction.Create(Code.Retnq_imm16, (int)(ushort)o.Value)),
        ["Jump through a register"] = ((c, o) => c.Jump(o.To), o => Instruction.Create(Code.Jmp_rm64, R64(o.To))),
        ["Jump through memory"] = ((c, o) => c.Jump(o.Address), o => Instruction.Create(Code.Jmp_rm64, At(o))),
        ["Call through memory"] = ((c, o) => c.Call(o.Address), o => Instruction.Create(Code.Call_rm64, At(o))),
        ["Jump to an address"] = ((c, o) => c.Jump(Origin + (ulong)o.Value), o => Instruction.CreateBranch(Code.Jmp_rel32_64, Origin + (ulong)o.Value)),
        ["Call of an address"] = ((c, o) => c.Call(Origin + (ulong)o.Value), o => Instruction.CreateBranch(Code.Call_rel32_64, Origin + (ulong)o.Value)),
        ["Vex, a load of 256 bits"] = ((c, o) => c.Vex(true, 0x10, (int)o.To, o.Address), o => Instruction.Create(Code.VEX_Vmovups_ymm_ymmm256, Register.YMM0 + (int)o.To, At(o))),
        ["Vex, a load of 128 bits"] = ((c, o) => c.Vex(false, 0x10, (int)o.To, o.Address), o => Instruction.Create(Code.VEX_Vmovups_xmm_xmmm128, Register.XMM0 + (int)o.To, At(o))),
        ["Vex with a second source"] = ((c, o) => c.Vex(false, 0x56, (int)o.To, o.Address, (int)o.Third), o => Instruction.Create(Code.VEX_Vorps_xmm_xmm_xmmm128, Register.XMM0 + (int)o.To, Register.XMM0 + (int)o.Third, At(o))),
        ["Vex, a store of 256 bits"] = ((c, o) => c.Vex(true, 0x11, (int)o.To, o.Address), o => Instruction.Create(Code.VEX_Vmovups_ymmm256_ymm, At(o), Register.YMM0 + (int)o.To)),
    };

    public static TheoryData<string> Names => new(s_cases.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void An_instruction_is_the_one_asked_for(string name)
    {
        var (emit, expected) = s_cases[name];
        // Branches of 2 GiB are out of reach by their own length.
        Prop.ForAll(s_operands.Where(o => o.Value is < int.MaxValue - 16 and > int.MinValue + 16).ToArbitrary(), operands =>
        {
            var code = new HostAssembler(64);
            code.Start(Origin);
            emit(code, operands);
            code.Finish();

            var (instruction, length) = Decode(code.Code);

            var wanted = expected(operands);
            wanted.CodeSize = CodeSize.Code64;
            Assert.Equal(Text(wanted), Text(instruction));
            Assert.Equal(code.Length, length);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Constants_arrive_in_full()
    {
        var constants = Gen.Frequency(
            (1, Gen.Choose(int.MinValue, int.MaxValue).Select(v => (ulong)v)),
            (1, Gen.Choose(int.MinValue, int.MaxValue).Select(v => (ulong)(uint)v)),
            (1, from high in Gen.Choose(int.MinValue, int.MaxValue) from low in Gen.Choose(int.MinValue, int.MaxValue) select (ulong)(uint)high << 32 | (uint)low));
        Prop.ForAll((from register in s_registers from value in constants select (register, value)).ToArbitrary(), one =>
        {
            var code = new HostAssembler(64);
            code.Start(Origin);
            code.Constant(one.register, one.value);

            var (instruction, length) = Decode(code.Code);

            Assert.Equal((Mnemonic.Mov, R64(one.register)), (instruction.Mnemonic, instruction.Op0Register.GetFullRegister()));
            var written = instruction.Op0Register.IsGPR64() ? instruction.GetImmediate(1) : (uint)instruction.GetImmediate(1);
            Assert.Equal((one.value, code.Length), (written, length));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_move_of_a_register_to_itself_is_nothing()
    {
        var code = new HostAssembler(64);
        code.Start(Origin);

        code.Move(HostRegister.R12, HostRegister.R12);
        Assert.Equal(0, code.Length);
        code.Move(HostRegister.R12, HostRegister.Rcx);

        Assert.Equal("mov r12, rcx", Text(Decode(code.Code).Instruction));
    }

    /// <summary>Branches to labels lead there, whether they are bound before or behind.</summary>
    [Fact]
    public void Branches_lead_to_their_labels()
    {
        Action<HostAssembler, HostLabel>[] branches =
        [
            (c, l) => c.Jump(l), (c, l) => c.Call(l), (c, l) => c.JumpShort(l), (c, l) => c.JumpIfRcxZero(l), (c, l) => c.Jump(Condition.Less, l),
            (c, l) => c.JumpShort(Condition.Parity, l),
        ];
        string[] names = ["jmp", "call", "jmp", "jrcxz", "jl", "jp"];
        foreach (var distance in (int[])[-120, -2, 0, 1, 120])
        {
            for (var i = 0; i < branches.Length; i++)
            {
                var code = new HostAssembler(1024);
                code.Start(Origin);
                var label = code.NewLabel();
                if (distance < 0)
                    code.Bind(label);
                for (var n = 0; n < -distance; n++)
                    code.Byte(0x90);
                var start = code.Length;
                branches[i](code, label);
                for (var n = 0; n < distance; n++)
                    code.Byte(0x90);
                if (distance >= 0)
                    code.Bind(label);
                code.Finish();

                var decoder = Decoder.Create(64, new ByteArrayCodeReader(code.Code[start..].ToArray()), Origin + (ulong)start);
                var instruction = decoder.Decode();

                Assert.Equal(names[i], Text(instruction).Split(' ')[0]);
                Assert.Equal(Origin + (ulong)code.PlaceOf(label), instruction.NearBranchTarget);
            }
        }
    }

    [Fact]
    public void A_short_branch_that_is_too_long_is_refused()
    {
        var code = new HostAssembler(1024);
        code.Start(Origin);
        var label = code.NewLabel();
        code.JumpIfRcxZero(label);
        code.Bytes(new byte[128]);
        code.Bind(label);

        Assert.Throws<OverflowException>(code.Finish);
    }

    [Fact]
    public void The_address_of_a_label_is_formed()
    {
        var code = new HostAssembler(1024);
        code.Start(Origin);
        var label = code.NewLabel();
        code.LeaLabel(HostRegister.R9, label);
        code.Align(16);
        code.Bind(label);
        code.Finish();

        var (instruction, _) = Decode(code.Code);

        Assert.Equal((Code.Lea_r64_m, Register.R9, Origin + 16), (instruction.Code, instruction.Op0Register, instruction.IPRelativeMemoryAddress));
    }

    private static (Instruction Instruction, int Length) Decode(ReadOnlySpan<byte> code)
    {
        var decoder = Decoder.Create(64, new ByteArrayCodeReader(code.ToArray()), Origin);
        var instruction = decoder.Decode();
        return (instruction, instruction.Length);
    }

    private static string Text(in Instruction instruction)
    {
        var formatter = new NasmFormatter { Options = { SpaceAfterOperandSeparator = true, ShowBranchSize = false, SignedImmediateOperands = true } };
        var output = new StringOutput();
        formatter.Format(instruction, output);
        // A displacement of zero is shown where the encoding has one.
        return output.ToStringAndReset().Replace("+0]", "]", StringComparison.Ordinal);
    }

    private static Register R64(HostRegister register) => Register.RAX + (int)register;

    private static Register R32(HostRegister register) => Register.EAX + (int)register;

    private static Register R16(HostRegister register) => Register.AX + (int)register;

    /// <summary>The form of another operation that is like one of ADD.</summary>
    private static Code Operation(Operands operands, Code add) =>
        Enum.Parse<Code>(add.ToString().Replace("Add", ((string[])["Add", "Or", "Adc", "Sbb", "And", "Sub", "Xor", "Cmp"])[operands.Alu], StringComparison.Ordinal));

    private static MemoryOperand At(Operands operands)
    {
        var address = operands.Address;
        return new MemoryOperand(
            address.Base == HostRegister.None ? Register.None : R64(address.Base),
            address.Index == HostRegister.None ? Register.None : R64(address.Index),
            1 << address.Scale, address.Displacement, address.Displacement == 0 && address.Base != HostRegister.None ? 0 : 8, false,
            address.InArea ? Register.GS : Register.None);
    }
}
