using System.CommandLine;
using Ringmaster.Backends.Disks;
using Ringmaster.Cli.Images;

namespace Ringmaster.Cli.Commands;

/// <summary>ringmaster image snapshot.</summary>
internal static class ImageSnapshotCommand
{
    internal static Command Build(CliEnvironment environment) =>
        new("snapshot", "Keep states of a disk inside its qcow2 image.")
        {
            List(environment),
            Change("create", "Keep the disk's present content.", (path, name) => ImageMaintenance.CreateSnapshot(path, name, DateTimeOffset.UtcNow)),
            Change("apply", "Make the disk's content that of a snapshot; what was written since is lost.", ImageMaintenance.ApplySnapshot),
            Change("delete", "Forget a snapshot.", ImageMaintenance.DeleteSnapshot),
        };

    private static Command List(CliEnvironment environment)
    {
        var file = ImageOptions.File("The qcow2 image; it may be in use.");
        var output = OutputFormat.Option();
        var command = new Command("list", "Show an image's snapshots.") { file, output };
        command.SetAction(parsed => ImageOptions.Guard(() =>
        {
            var snapshots = ImageInspection.Describe(parsed.GetValue(file)!).Snapshots;
            if (OutputFormat.IsJson(parsed, output))
                JsonText.Write(environment.Out, json => ImageText.WriteJson(json, snapshots));
            else if (snapshots.Count == 0)
                environment.Out.WriteLine("There are no snapshots.");
            else
                ImageText.Write(environment.Out, snapshots, "");
        }));
        return command;
    }

    private static Command Change(string verb, string description, Action<string, string> change)
    {
        var file = ImageOptions.File("The qcow2 image; nobody may use it.");
        var name = new Argument<string>("NAME") { Description = "The snapshot's name." };
        var command = new Command(verb, description) { file, name };
        command.SetAction(parsed => ImageOptions.Guard(() => change(parsed.GetValue(file)!, parsed.GetValue(name)!)));
        return command;
    }
}
