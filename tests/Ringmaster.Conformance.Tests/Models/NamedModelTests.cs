using Ringmaster.Conformance.Tests.Engines;
using Ringmaster.Conformance.Tests.Harness;
using Ringmaster.Cpu;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.Models;
using Ringmaster.Memory;

namespace Ringmaster.Conformance.Tests.Models;

/// <summary>CPUID and MSRs of the named models, asked from inside the guest.</summary>
public sealed class NamedModelTests
{
    private const uint NoSuchMsr = 0x4FFF_FFF0;

    public static TheoryData<string, string> Models
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var engine in EngineUnderTest.InSoftware)
            {
                foreach (var name in CpuModelCatalog.Names.Where(name => name != CpuModelCatalog.HostName && Resolve(engine, name).Cpu is not null))
                    rows.Add(engine, name);
            }
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Cpuid_returns_the_models_table(string engine, string model)
    {
        var table = TableOf(engine, model);
        foreach (var (leaf, subleaf) in (ReadOnlySpan<(uint, uint)>)[(0, 0), (2, 0), (4, 0), (6, 0), (0xB, 0), (0x8000_0000, 0), (0x8000_0002, 0), (0x8000_0008, 0)])
        {
            var guest = new Guest(GuestMode.Kernel64);
            guest.Assemble(c => c.cpuid());
            (guest.State.Registers[0], guest.State.Registers[1]) = (leaf, subleaf);

            Run(engine, model, guest);

            var expected = table[leaf, subleaf];
            Assert.Equal((expected.Eax, expected.Ebx, expected.Ecx, expected.Edx),
                ((uint)guest.Rax, (uint)guest.State.Registers[3], (uint)guest.Rcx, (uint)guest.Rdx));
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_vendor_is_the_models(string engine, string model)
    {
        var guest = new Guest(GuestMode.User64);
        guest.Assemble(c => c.cpuid());
        guest.State.Registers[0] = 0;

        Run(engine, model, guest);

        Span<byte> name = stackalloc byte[12];
        foreach (var (register, at) in (ReadOnlySpan<(int, int)>)[(3, 0), (2, 4), (1, 8)])
            BitConverter.TryWriteBytes(name[at..], (uint)guest.State.Registers[register]);
        Assert.Equal(Resolve(engine, model).Cpu!.Model.Vendor, System.Text.Encoding.ASCII.GetString(name));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_register_of_the_model_can_be_read(string engine, string model)
    {
        foreach (var register in Resolve(engine, model).Cpu!.Msrs.Registers.Values.Where(register => register.IsReadable))
        {
            var guest = Read(engine, model, register.Index);

            Assert.Equal((Ending.Mark, register.Index, register.Value), (guest.Ending, register.Index, guest.Rax | guest.Rdx << 32));
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Unknown_registers_raise_a_general_protection_fault(string engine, string model)
    {
        foreach (var index in (ReadOnlySpan<uint>)[NoSuchMsr, 0x0000_0FFF, 0xC000_FFFF, 0xFFFF_FFFF])
        {
            var guest = Read(engine, model, index);

            Assert.Equal((Ending.Handler, (int)Vector.GeneralProtection), (guest.Ending, guest.HandlerReached));
            Assert.Equal((0U, guest.Last), (guest.Pushed().Error, guest.Pushed().Rip));
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void What_a_model_lacks_is_undefined(string engine, string model)
    {
        var features = Resolve(engine, model).Cpu!.Features;
        foreach (var (feature, code) in new (string, byte[])[]
        {
            ("avx", [0xC5, 0xF8, 0x77]), ("rdtscp", [0x0F, 0x01, 0xF9]), ("popcnt", [0xF3, 0x0F, 0xB8, 0xC1]), ("movbe", [0x0F, 0x38, 0xF0, 0x04, 0x25, 0, 0xA0, 0, 0]),
            ("rdrand", [0x0F, 0xC7, 0xF0]), ("adx", [0xF3, 0x0F, 0x38, 0xF6, 0xC1]), ("rdseed", [0x0F, 0xC7, 0xF8]), ("sse4.2", [0xF2, 0x0F, 0x38, 0xF1, 0xC1]),
            ("smap", [0x0F, 0x01, 0xCB]),
        })
        {
            var guest = new Guest(GuestMode.Kernel64);
            guest.Assemble(c => c.db(code));
            guest.State.Cr4 |= features.Contains("xsave") ? 0x4_0600u : 0x600u;
            guest.State.Xcr0 = 7;

            Run(engine, model, guest);

            Assert.Equal((feature, features.Contains(feature) ? -1 : (int)Vector.InvalidOpcode), (feature, guest.HandlerReached));
        }
    }

    private static Guest Read(string engine, string model, uint index)
    {
        var guest = new Guest(GuestMode.Kernel64);
        guest.Assemble(c => c.rdmsr());
        guest.State.Registers[1] = index;
        // The run loop answers from the model's table, as a machine does.
        guest.Answers.Enqueue(Resolve(engine, model).Cpu!.Msrs.TryRead(index, out var value) ? ExitAnswer.Value(value) : ExitAnswer.GeneralProtection);
        Run(engine, model, guest);
        return guest;
    }

    private static void Run(string engine, string model, Guest guest)
    {
        using var memory = GuestMemory.Create([new RamRange(new(0), Layout.MemorySize)]);
        using var cpu = EngineUnderTest.Get(engine).CreateVcpu(new VcpuIndex(0), memory, new VcpuSetup(TableOf(engine, model), new StoppedClock()));
        CaseRunner.Run(guest, cpu, memory);
    }

    private static CpuResolution Resolve(string engine, string model) =>
        CpuResolution.Of(CpuModelSelection.Parse(model), EngineUnderTest.Get(engine).Features);

    private static CpuidTable TableOf(string engine, string model) =>
        Resolve(engine, model).Cpu!.BuildTable(new VcpuTopology(new VcpuIndex(0), 1), ClockRates.WithTsc(1_000_000_000));
}
