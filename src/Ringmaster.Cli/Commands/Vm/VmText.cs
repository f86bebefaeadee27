using System.Globalization;
using Ringmaster.Control;

namespace Ringmaster.Cli.Commands.Vm;

/// <summary>Prints what VMs tell of themselves, for people.</summary>
internal static class VmText
{
    internal static void Write(TextWriter writer, VmStatus vm) => Write(writer, [vm]);

    internal static void Write(TextWriter writer, IReadOnlyList<VmStatus> vms)
    {
        if (vms.Count == 0)
        {
            writer.WriteLine("No VM runs.");
            return;
        }
        var rows = vms.Select(vm => (string[])[vm.Name, vm.Status, vm.Engine, Number(vm.Cpus), $"{Number((long)(vm.MemoryBytes >> 20))}M",
            TimeSpan.FromSeconds(Math.Floor(vm.RunningSeconds)).ToString("c", CultureInfo.InvariantCulture), Number(vm.Process)]);
        Table(writer, [["NAME", "STATUS", "ENGINE", "CPUS", "MEMORY", "RUNNING", "PID"], .. rows]);
    }

    internal static void Write(TextWriter writer, VmStatistics vm)
    {
        var rows = new List<string[]>
        {
            (string[])["running", string.Create(CultureInfo.InvariantCulture, $"{vm.RunningSeconds:f1} s")],
            (string[])["interrupts", Number(vm.Interrupts)],
        };
        rows.AddRange(vm.Exits.OrderByDescending(e => e.Value).Select(e => (string[])[$"exits: {e.Key}", Number(e.Value)]));
        rows.AddRange(vm.Engine.Select(e => (string[])[e.Key, Number(e.Value)]));
        Table(writer, rows);
    }

    internal static void Write(TextWriter writer, VmDevice[] devices) =>
        Table(writer, [["NAME", "KIND", "PCI"], .. devices.Select(d => (string[])[d.Name, d.Kind, d.Address ?? ""])]);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static void Table(TextWriter writer, IReadOnlyList<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
            writer.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
