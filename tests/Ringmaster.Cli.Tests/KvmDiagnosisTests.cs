using Ringmaster.Cli.Doctor;
using Ringmaster.Host.Kvm;

namespace Ringmaster.Cli.Tests;

/// <summary>Each thing that can be missing, and what the doctor says to do about it.</summary>
public sealed class KvmDiagnosisTests
{
    private const int NoEntry = 2, Denied = 13, Busy = 16;

    private static readonly FakeHost s_good = new()
    {
        ProcessorAssist = "svm", KernelShowsAssist = true, Modules = new HashSet<string> { "kvm", "kvm_amd" }, Device = new("kvm", GroupMay: true),
    };

    private static readonly FakeHost s_withoutModule = s_good with { Modules = new HashSet<string>(), Device = null };

    private static readonly FakeHost s_withoutAssist = s_withoutModule with { ProcessorAssist = null, KernelShowsAssist = false };

    private static readonly (string Name, KvmProbeResult Probe, FakeHost Host, string? Remedy)[] s_cases =
    [
        ("it works", Probe(KvmProbeStep.Works), s_good, null),
        ("not in the group", Probe(KvmProbeStep.Open, Denied), s_good, "usermod -aG kvm guest"),
        ("no group may", Probe(KvmProbeStep.Open, Denied), s_good with { Device = new("root", GroupMay: false) }, "chgrp kvm /dev/kvm"),
        ("root in a container that may not", Probe(KvmProbeStep.Open, 1), s_good with { IsRoot = true, Container = "docker" }, "--device /dev/kvm"),
        ("root whom a security module stops", Probe(KvmProbeStep.Open, 1), s_good with { IsRoot = true }, "security module"),
        ("a container without the device", Probe(KvmProbeStep.Open, NoEntry), s_good with { Device = null, Container = "podman" }, "container (podman) has not got the device"),
        ("no node", Probe(KvmProbeStep.Open, NoEntry), s_good with { Device = null }, "mknod /dev/kvm c 10 232"),
        ("AMD's module not loaded", Probe(KvmProbeStep.Open, NoEntry), s_withoutModule, "modprobe kvm_amd"),
        ("Intel's module not loaded", Probe(KvmProbeStep.Open, NoEntry), s_withoutModule with { ProcessorAssist = "vmx" }, "modprobe kvm_intel"),
        ("the module not loaded, in a container", Probe(KvmProbeStep.Open, NoEntry), s_withoutModule with { Container = "lxc" }, "On the host, as root: modprobe kvm_amd"),
        ("locked by firmware, AMD", Probe(KvmProbeStep.Open, NoEntry), s_withoutModule with { KernelShowsAssist = false }, "\"SVM mode\""),
        ("locked by firmware, Intel", Probe(KvmProbeStep.Open, NoEntry),
            s_withoutModule with { KernelShowsAssist = false, ProcessorAssist = "vmx" }, "\"Virtualization Technology (VT-x)\""),
        ("no assist on metal", Probe(KvmProbeStep.Open, NoEntry), s_withoutAssist, "firmware's set-up"),
        ("no assist in a virtual machine", Probe(KvmProbeStep.Open, NoEntry), s_withoutAssist with { Hypervisor = "Hyper-V" }, "a guest of Hyper-V"),
        ("another hypervisor", Probe(KvmProbeStep.CreateVm, Busy), s_good, "VirtualBox"),
        ("paravirtual guests only", Probe(KvmProbeStep.RunNatively),
            s_withoutAssist with { Modules = new HashSet<string> { "kvm", "kvm_pvm" }, Hypervisor = "KVM" }, "\"--engine auto\" takes it"),
        ("a guest that fails with assist", Probe(KvmProbeStep.RunGuest), s_good, "dmesg"),
        ("a guest that hangs", Probe(KvmProbeStep.RunGuest) with { TimedOut = true }, s_good, "KVM is broken"),
        ("another device", Probe(KvmProbeStep.ApiVersion, 25), s_good, "ls -l /dev/kvm"),
    ];

    public static TheoryData<string> Names => [.. s_cases.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_condition_has_its_remedy(string name)
    {
        var (_, probe, host, expected) = s_cases.Single(c => c.Name == name);

        var remedy = KvmDiagnosis.Remedy(probe, host);

        if (expected is null)
            Assert.Null(remedy);
        else
            Assert.Contains(expected, remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_names_the_module_and_its_switches()
    {
        var report = KvmReport.Of(Probe(KvmProbeStep.Works) with { ExitCost = new(10_000, 500_000, 1900) }, s_good);

        using var text = new StringWriter();
        KvmReportText.Write(text, report);

        Assert.Contains("runs unmodified guests", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("kvm_amd, nested paging on, nested guests off", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("1,900 ns each (the median of 10000 port writes), 500,000 a second", text.ToString(), StringComparison.Ordinal);
    }

    private static KvmProbeResult Probe(KvmProbeStep step, int error = 0) => new(step, "This is what happened.") { Error = error };

    private sealed record FakeHost : IKvmHost
    {
        public string? ProcessorAssist { get; init; }

        public bool KernelShowsAssist { get; init; }

        public string? Hypervisor { get; init; }

        public string? Container { get; init; }

        public IReadOnlySet<string> Modules { get; init; } = new HashSet<string>();

        public DeviceNode? Device { get; init; }

        public string User => "guest";

        public bool IsRoot { get; init; }

        public string? Parameter(string module, string name) => (module, name) switch
        {
            ("kvm_amd", "npt") => "Y",
            ("kvm_amd", "nested") => "0",
            _ => null,
        };
    }
}
