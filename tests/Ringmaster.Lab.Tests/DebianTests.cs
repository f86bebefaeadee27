using Ringmaster.Backends.Guests;
using Ringmaster.Backends.Guests.Debian;

namespace Ringmaster.Lab.Tests;

/// <summary>A whole operating system on the KVM engine: Debian from its disk, with systemd, used through its console.</summary>
[Collection(LabCollection.Name)]
public sealed class DebianTests(SharedLabHost lab)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(20);

    [LabFact]
    public void Somebody_logs_in_and_switches_it_off() => UsesDebian("kvm");

    [LabFact]
    public void So_they_do_with_all_controllers_in_the_kernel() => UsesDebian("kvm,irqchip=kernel");

    private void UsesDebian(string engine)
    {
        var debian = new GuestFiles(GuestFiles.DefaultDirectory).FetchDebian();

        var log = lab.Run(
            $$"""
            rm -f /tmp/debian.in; mkfifo /tmp/debian.in; exec 9<>/tmp/debian.in
            ringmaster run --engine {{engine}} -v --memory 512M --net none --disk {{debian.Image}},snapshot --kernel {{debian.Kernel}} --initrd {{debian.Initrd}} \
                --append '{{DebianDisk.CommandLine}}' <&9 >/tmp/debian.log 2>&1 &
            await() { until grep -q -a -e "$1" /tmp/debian.log; do kill -0 $! 2>/dev/null || { cat /tmp/debian.log; exit 1; }; sleep 1; done; }
            await ' login: ' && echo root >&9
            await 'root@.*#' && echo 'systemctl is-system-running --wait; findmnt -n -o SOURCE /; echo inner $((6*7)); systemctl poweroff' >&9
            wait $!; code=$?; cat /tmp/debian.log; exit $code
            """, s_patience);

        Assert.Contains("Engine kvm: it was asked for.", log, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^(.*\r)?running\r?$", log);
        Assert.Matches(@"(?m)^/dev/vda\d*\r?$", log);
        Assert.Contains("inner 42", log, StringComparison.Ordinal);
        Assert.Contains("PoweredOff", log, StringComparison.Ordinal);
    }
}
