using Ringmaster.Host.Kvm;

namespace Ringmaster.Cli.Doctor;

/// <summary>Tells what has to be done so that KVM works on a host where it does not.</summary>
internal static class KvmDiagnosis
{
    // errno(3).
    private const int NotPermitted = 1, NoEntry = 2, Denied = 13, Busy = 16, NoDevice = 19;

    private const string Device = "/dev/kvm";

    /// <summary>Finds the remedy.</summary>
    /// <param name="probe">What trying the device showed.</param>
    /// <param name="host">The host.</param>
    /// <returns>What to do, in sentences; null where nothing need be done.</returns>
    internal static string? Remedy(KvmProbeResult probe, IKvmHost host) => probe switch
    {
        { Works: true } => null,
        { Step: KvmProbeStep.Open, Error: NoEntry or NoDevice } => Missing(host),
        { Step: KvmProbeStep.Open, Error: Denied or NotPermitted } => Forbidden(host),
        { Step: KvmProbeStep.CreateVm or KvmProbeStep.CreateVcpu, Error: Busy } =>
            "Another hypervisor has the processor's virtualization for itself. Stop it (VirtualBox and VMware are such), and try again.",
        { TimedOut: true } => $"This host's KVM is broken. Look into the kernel's log (dmesg), and update the kernel{OrBelow(host)}.",
        { Step: KvmProbeStep.RunNatively } or { Step: KvmProbeStep.RunGuest } when !HasEngine(host) =>
            $"Nothing on this host: its kernel's KVM ({Names(host)}) does without hardware assist. Ordinary guests take a host {WithAssist(host)}. "
            + "The translator runs them here, and \"--engine auto\" takes it.",
        { Step: KvmProbeStep.RunNatively or KvmProbeStep.RunGuest } =>
            $"Look into the kernel's log (dmesg) for what KVM says, and update the kernel{OrBelow(host)}.",
        _ => $"{Device} is not the device of a KVM that this version knows. Look what it is (ls -l {Device}) and into the kernel's log (dmesg).",
    };

    /// <summary>There is no device, or nothing behind it.</summary>
    private static string Missing(IKvmHost host)
    {
        if (HasEngine(host))
        {
            return host.Container is { } container
                ? $"The kernel has KVM, but this container ({container}) has not got the device. Start it with \"--device {Device}\"."
                : $"The kernel has KVM, but the device is missing. As root: mknod {Device} c 10 232";
        }
        if (host.ProcessorAssist is not { } assist)
        {
            return host.Hypervisor is { } below
                ? $"This host is a guest of {below}, which gives it no hardware assist. Switch nested virtualization on there "
                    + "(KVM: module parameter nested=1 and the CPU model \"host\"; clouds: a machine type that has it), or use a host of metal."
                : "This processor has no hardware assist (AMD-V or VT-x), or firmware hides it. Look for \"SVM\" or \"Virtualization Technology\" in the firmware's set-up.";
        }
        if (!host.KernelShowsAssist)
        {
            return $"The processor has hardware assist ({assist}), but firmware has locked it. Switch on {(assist == "svm" ? "\"SVM mode\"" : "\"Virtualization Technology (VT-x)\"")} "
                + "in the firmware's set-up, and switch the machine off and on.";
        }
        var module = assist == "svm" ? "kvm_amd" : "kvm_intel";
        return host.Container is { } kind
            ? $"The kernel's module is not loaded, and this container ({kind}) cannot do it. On the host, as root: modprobe {module}; then start the container with \"--device {Device}\"."
            : $"The kernel's module is not loaded. As root: modprobe {module}. If that fails, the kernel's log (dmesg) says why.";
    }

    private static string Forbidden(IKvmHost host)
    {
        if (host.IsRoot)
        {
            return host.Container is { } container
                ? $"This container ({container}) has the device but may not use it. Start it with \"--device {Device}\"."
                : $"A security module or a control group forbids it. Allow this process the device {Device}.";
        }
        return host.Device is { GroupMay: true } device
            ? $"Members of the group {device.Group} may use it. As root: usermod -aG {device.Group} {host.User}; then log in anew."
            : $"Only root may use it. As root: groupadd -f kvm; chgrp kvm {Device}; chmod 660 {Device}; usermod -aG kvm {host.User}; then log in anew.";
    }

    /// <summary>Whether the kernel has the half of KVM that drives hardware assist.</summary>
    private static bool HasEngine(IKvmHost host) => host.Modules.Contains("kvm_amd") || host.Modules.Contains("kvm_intel");

    private static string Names(IKvmHost host) => host.Modules.Count > 0 ? string.Join(", ", host.Modules.Order(StringComparer.Ordinal)) : "of unknown kind";

    private static string WithAssist(IKvmHost host) =>
        host.Hypervisor is null ? "with AMD-V or VT-x" : "of metal, or a virtual machine with nested virtualization";

    private static string OrBelow(IKvmHost host) => host.Hypervisor is { } below ? $" here and the hypervisor below ({below})" : "";
}
