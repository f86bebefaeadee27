using System.Buffers.Binary;
using Ringmaster.Conformance.Tests.Engines;
using Ringmaster.Conformance.Tests.Harness;
using Ringmaster.Cpu;
using Ringmaster.Cpu.State;
using Ringmaster.Memory;

namespace Ringmaster.Conformance.Tests.Hostile;

/// <summary>Whatever tables, stacks and registers hold: the vCPU ends in a state, answers a kick, and never throws.</summary>
public sealed class HostileTableTests
{
    private const int Guests = 150, PatienceMilliseconds = 150;

    /// <summary>Code that keeps the tables busy: interrupts, far transfers, segment loads, task switches, returns.</summary>
    private static readonly byte[][] s_code =
    [
        [0xCD, 0x80], [0x0F, 0x0B], [0xCF], [0xCB], [0x8E, 0xD8], [0x8E, 0xD0], [0x0F, 0xA1], [0xCC], [0xF1], [0xCE], [0x9D],
        [0x9A, 0, 0, 0, 0, (byte)Selectors.CallGate, 0], [0xEA, 0, 0, 0, 0, (byte)Selectors.TaskGate, 0], [0x9A, 0, 0, 0, 0, (byte)Selectors.OtherTss, 0],
        [0x0F, 0x05], [0x0F, 0x34], [0x0F, 0x35], [0x0F, 0x07], [0x48, 0xCF], [0x0F, 0x00, 0xD8], [0x0F, 0x00, 0xD0], [0x0F, 0x02, 0xC1],
        [0x0F, 0x22, 0xC0], [0x0F, 0x22, 0xD8], [0x0F, 0x22, 0xE0], [0x0F, 0x23, 0xF8], [0x0F, 0x30], [0xF3, 0xA4], [0x50], [0x58],
    ];

    public static TheoryData<string> EngineNames => new(EngineUnderTest.InSoftware);

    public static TheoryData<string, GuestMode> Modes
    {
        get
        {
            var rows = new TheoryData<string, GuestMode>();
            foreach (var engine in EngineUnderTest.InSoftware)
            {
                foreach (var mode in Enum.GetValues<GuestMode>())
                    rows.Add(engine, mode);
            }
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Delivery_survives_anything(string engine, GuestMode mode)
    {
        using var memory = GuestMemory.Create([new RamRange(new(0), Layout.MemorySize)]);
        for (var seed = 0; seed < Guests; seed++)
        {
            var random = new Random(seed);
            var guest = new Guest(mode);
            Spoil(guest, random);
            using var cpu = EngineUnderTest.Get(engine).CreateVcpu(new VcpuIndex(0), memory,
                new VcpuSetup(TestModel.Of(random.Next(2) == 0, mode.IsFiveLevel()), new StoppedClock()));

            CaseRunner.Run(guest, cpu, memory, patience: PatienceMilliseconds);

            // The flags' fixed bits and the privilege level are in order, whatever happened.
            Assert.Equal(2UL, guest.State.Rflags & 0x802A);
            Assert.InRange(guest.State.PrivilegeLevel, 0, 3);
        }
    }

    [Theory]
    [MemberData(nameof(EngineNames))]
    public void A_kick_ends_an_endless_chain_of_faults(string engine)
    {
        // A handler of level 3 whose stack is misaligned, for #AC itself.
        var guest = new Guest(GuestMode.User32);
        guest.Assemble(c => c.push(Iced.Intel.AssemblerRegisters.eax));
        guest.SetGate(17, Selectors.ConformingUser, Layout.Target, 0xE);
        guest.State.Cr0 |= 1 << 18;
        guest.State.Rflags |= 1 << 18;
        guest.Rsp -= 2;
        using var memory = GuestMemory.Create([new RamRange(new(0), Layout.MemorySize)]);
        using var cpu = EngineUnderTest.Get(engine).CreateVcpu(new VcpuIndex(0), memory, new VcpuSetup(TestModel.Of(false, false), new StoppedClock()));

        CaseRunner.Run(guest, cpu, memory, patience: PatienceMilliseconds);

        Assert.Equal(Ending.Never, guest.Ending);
        Assert.Equal((byte)Vector.AlignmentCheck, guest.State.Pending?.Vector);
    }

    private static void Spoil(Guest guest, Random random)
    {
        Span<byte> bytes = stackalloc byte[8];
        for (var i = random.Next(40); i >= 0; i--)
        {
            var at = random.Next(5) switch
            {
                0 => Layout.Gdt + (uint)random.Next(0x138),
                1 => Layout.Idt + (uint)random.Next(0x1000),
                2 => Layout.Tss + (uint)random.Next(0x111),
                3 => Layout.OtherTss + (uint)random.Next(0x111),
                _ => 0x10_0000 + (uint)random.Next(0x9000),
            };
            random.NextBytes(bytes);
            guest.Write(at, bytes[..random.Next(1, 8)]);
        }
        for (uint at = Layout.KernelStack - 0x80; at < Layout.KernelStack; at += 8)
            guest.Write(at, (ulong)random.Next(0x140) << 32 | (uint)random.Next());
        var code = Layout.Code;
        for (var i = 0; i < 12; i++)
        {
            var piece = s_code[random.Next(s_code.Length)];
            guest.Write(code, piece);
            code += (uint)piece.Length;
        }
        ref var state = ref guest.State.Registers;
        for (var i = 0; i < 8; i++)
        {
            if (i != 4 || random.Next(8) == 0)
                state[i] = random.Next(3) switch { 0 => (ulong)random.Next(0x140), 1 => (ulong)random.NextInt64(), _ => Layout.Data };
        }
        guest.Rsp -= guest.Mode.Is16Bit() ? 0u : 0x40;
        guest.State.Rflags |= (ulong)random.Next(0x4000) & 0x3D00;
        if (random.Next(4) == 0)
            guest.State.Tr = guest.State.Tr with { Limit = (uint)random.Next(0x111) };
        if (random.Next(4) == 0)
            guest.State.Ss = guest.State.Ss with { Limit = (uint)random.Next(), Base = BinaryPrimitives.ReadUInt32LittleEndian(bytes) };
        if (random.Next(4) == 0)
            guest.State.Idtr = new DescriptorTable((ulong)random.NextInt64(), (ushort)random.Next());
        if (random.Next(3) == 0)
            guest.State.Pending = new PendingException((byte)random.Next(256), null, PendingExceptionKind.ExternalInterrupt);
        (guest.State.Dr0, guest.State.Dr7) = (Layout.Data, random.Next(4) == 0 ? 0x3_0402UL : 0x400);
        guest.State.NmiPending = random.Next(2) == 0;
    }
}
