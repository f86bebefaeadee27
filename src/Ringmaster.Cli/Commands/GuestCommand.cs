using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Ringmaster.Backends.Guests;
using Ringmaster.Cli.Run;

namespace Ringmaster.Cli.Commands;

/// <summary>ringmaster guest.</summary>
internal static class GuestCommand
{
    private const string DefaultName = "default";

    internal static Command Build(CliEnvironment environment) =>
        new("guest", "Manage the cache of guest files from the distribution.") { List(environment), Fetch(environment), Clean(environment) };

    private static Command List(CliEnvironment environment)
    {
        var output = OutputFormat.Option();
        var command = new Command("list", "Show what can be fetched and what is there.") { output };
        command.SetAction(parsed =>
        {
            var files = new GuestFiles(GuestFiles.DefaultDirectory);
            if (OutputFormat.IsJson(parsed, output))
                WriteJson(environment.Out, files);
            else
                WriteText(environment.Out, files);
        });
        return command;
    }

    private static Command Fetch(CliEnvironment environment)
    {
        string[] names = [DefaultName, GuestFiles.DebianName, .. GuestPackage.All.Select(p => p.Name)];
        var name = new Argument<string>("NAME") { Description = "What to fetch. \"debian\" makes a disk with a whole system (debootstrap, as root, some minutes); its kernel, initial RAM disk and SSH key lie beside.", DefaultValueFactory = _ => DefaultName };
        name.AcceptOnlyFromAmong(names);
        var modules = new Option<bool>("--modules") { Description = "Fetch a kernel's modules too." };
        var command = new Command("fetch", "Fetch guest files now, to run without a network later.") { name, modules };
        command.SetAction(parsed =>
        {
            using var signals = new StopSignals(grace: null);
            var files = new GuestFiles(GuestFiles.DefaultDirectory, new FetchProgress(environment.Error));
            var wanted = parsed.GetValue(name)!;
            if (wanted == DefaultName)
                environment.Out.WriteLine(DefaultGuestFiles.Fetch(files, signals.Token).Kernel);
            else if (wanted == GuestFiles.DebianName)
                environment.Out.WriteLine(files.FetchDebian(signals.Token).Image);
            else if (GuestPackage.All.First(p => p.Name == wanted) is { IsKernel: true } kernel)
                WriteKernel(environment.Out, files.FetchKernel(kernel, parsed.GetValue(modules), signals.Token));
            else
                environment.Out.WriteLine(files.FetchBusybox(GuestPackage.All.First(p => p.Name == wanted), signals.Token));
        });
        return command;
    }

    private static Command Clean(CliEnvironment environment)
    {
        var command = new Command("clean", "Delete everything in the cache.");
        command.SetAction(_ =>
        {
            var files = new GuestFiles(GuestFiles.DefaultDirectory);
            files.Clean();
            environment.Out.WriteLine($"{files.Location} is empty.");
        });
        return command;
    }

    private static void WriteKernel(TextWriter writer, GuestKernelFiles kernel)
    {
        writer.WriteLine(kernel.Image);
        if (kernel.ModulesDirectory is { } modules)
            writer.WriteLine(modules);
    }

    private static void WriteText(TextWriter writer, GuestFiles files)
    {
        var cached = files.List();
        writer.WriteLine($"Cache: {files.Location}");
        foreach (var disk in cached.Where(c => c.Name == GuestFiles.DebianName))
            WriteLine(writer, disk);
        foreach (var package in GuestPackage.All)
        {
            var here = cached.Where(c => c.Name == package.Name).ToList();
            if (here.Count == 0)
                writer.WriteLine($"  {package.Name,-14} not fetched ({package.Candidates[0]}, {package.Architecture})");
            foreach (var one in here)
                WriteLine(writer, one);
        }
    }

    private static void WriteLine(TextWriter writer, CachedPackage one)
    {
        var size = (one.Bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture);
        writer.WriteLine($"  {one.Name,-14} {one.Package} {one.Version}, {size} MB{(one.Modules ? ", with modules" : "")}");
    }

    private static void WriteJson(TextWriter writer, GuestFiles files) => JsonText.Write(writer, json =>
    {
        json.WriteString("cache", files.Location);
        json.WriteStartArray("packages");
        foreach (var one in files.List())
        {
            json.WriteStartObject();
            json.WriteString("name", one.Name);
            json.WriteString("package", one.Package);
            json.WriteString("version", one.Version);
            json.WriteBoolean("modules", one.Modules);
            json.WriteNumber("bytes", one.Bytes);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });
}
