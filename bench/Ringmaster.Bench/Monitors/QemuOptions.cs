namespace Ringmaster.Bench.Monitors;

/// <summary>What of QEMU is used.</summary>
/// <param name="Accel">How it carries out instructions: tcg or kvm.</param>
/// <param name="Machine">Its machine with properties; null for one of its PCs, with a PCI bus if the guest has one.</param>
/// <param name="Cpu">Its CPU model.</param>
internal sealed record QemuOptions(string Accel, string? Machine, string Cpu)
{
    public const string Tcg = "tcg", Kvm = "kvm";

    private const string PlainMachine = "microvm";

    /// <summary>Whether guests may have devices on a PCI bus.</summary>
    public bool HasPci => Machine?.Split(',')[0] != PlainMachine;

    /// <summary>The CPU model that fits an accelerator: with TCG, QEMU's default is on the whole faster than "max".</summary>
    public static string DefaultCpu(string accel) => accel == Kvm ? "host" : "qemu64";
}
