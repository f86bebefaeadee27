using System.Diagnostics;
using System.Globalization;
using Ringmaster.Lab;

const string usage = $"""
    Usage: eng/lab [OPTIONS] COMMAND...

    Boots a lab host (Debian's kernel with KVM in an emulated processor with AMD-V), runs COMMAND there in this clone's root and
    ends with its exit code. The clone's published program is in the path: eng/lab ringmaster doctor. One argument is a script for
    bash: eng/lab 'dmesg | grep -i svm'. Files that COMMAND writes are lost, but for those in the directory $LAB_FILES.

      --cpus N           vCPUs (2 from QEMU 8.1 on; before, one, because with more it executes code that has changed)
      --memory MIB       memory (3072)
      --cpu MODEL        QEMU's CPU model (max); "{LabOptions.WithoutAssist}" has no hardware assist
      --append WORDS     kernel parameters, such as kvm_amd.npt=0
      --patience SECONDS how long COMMAND may take (1800)
      --files DIRECTORY  where $LAB_FILES goes when COMMAND has ended
      --log              show the end of the lab host's kernel log afterwards
    """;

if (!Arguments.TryParse(args, out var options))
{
    Console.Error.WriteLine(usage);
    return 2;
}
try
{
    using var host = LabHost.Boot(options.Host);
    Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"lab: booted in {host.BootTime.TotalSeconds:0.0} s"));
    var result = host.Run(options.Command, options.Patience, Console.Out.Write);
    Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"lab: exit code {result.ExitCode} after {result.Time.TotalSeconds:0.0} s"));
    if (options.ShowLog)
        Console.Error.WriteLine(host.KernelLogTail());
    if (options.Files is { } files)
        Process.Start("cp", ["-a", host.Files + "/.", Directory.CreateDirectory(files).FullName]).WaitForExit();
    return result.ExitCode;
}
catch (LabException error)
{
    Console.Error.WriteLine($"lab: {error.Message}");
    return 1;
}
