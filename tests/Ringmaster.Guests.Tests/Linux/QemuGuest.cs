using System.Diagnostics;
using System.Text;

namespace Ringmaster.Guests.Tests.Linux;

/// <summary>The same guest under QEMU's own emulation, as the measure of what a kernel says on a good machine.</summary>
internal static class QemuGuest
{
    private const string Program = "qemu-system-x86_64", Begin = "begin-answer\n", End = "end-answer\n";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    /// <summary>Boots and returns the kernel's log.</summary>
    public static IReadOnlyList<KernelMessage> KernelMessages(LinuxGuest linux)
    {
        var script = $"echo {Begin.Trim()}; {KernelLog.Command}; echo {End.Trim()}";
        var start = new ProcessStartInfo(Program,
        [
            "-accel", "tcg", "-cpu", "Nehalem", "-m", "512", "-nodefaults", "-no-reboot", "-display", "none", "-serial", "stdio",
            "-kernel", linux.Kernel, "-initrd", linux.Initrd,
            "-append", $"console=ttyS0 {KernelLog.Parameters} ringmaster.run=\"{script}\"",
        ])
        { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new InvalidOperationException($"This test compares with {Program}, which is not installed. Install the package qemu-system-x86.");
        }
        using (process)
        {
            var log = new StringBuilder();
            process.OutputDataReceived += (_, line) => log.Append(line.Data?.TrimEnd('\r')).Append('\n');
            process.BeginOutputReadLine();
            var errors = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(s_patience))
                process.Kill();
            process.WaitForExit();
            var text = log.ToString();
            // The first mark is in the kernel's own line about its parameters, the second is the answer's.
            var begin = text.LastIndexOf('\n' + Begin, StringComparison.Ordinal);
            var end = text.LastIndexOf('\n' + End, StringComparison.Ordinal);
            if (begin < 0 || end < begin)
                throw new InvalidOperationException($"QEMU did not boot the guest: {errors.Result}\n{text}");
            return KernelLog.Parse(text[begin..end]);
        }
    }
}
