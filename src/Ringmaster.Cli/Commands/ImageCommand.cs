using System.CommandLine;
using Ringmaster.Backends.Disks;
using Ringmaster.Cli.Images;
using Ringmaster.Cli.Run;

namespace Ringmaster.Cli.Commands;

/// <summary>ringmaster image.</summary>
internal static class ImageCommand
{
    internal static Command Build(CliEnvironment environment) =>
        new("image", "Make, convert, check and look at disk images.")
        {
            Create(environment), Info(environment), Convert(environment), Resize(environment), Check(environment),
            ImageSnapshotCommand.Build(environment),
        };

    private static Command Create(CliEnvironment environment)
    {
        var (file, size) = (ImageOptions.File("The new image."), ImageOptions.OptionalSize());
        var format = ImageOptions.Format("The new image's format.", DiskFormat.Qcow2, "--format", "-f");
        var backing = new Option<string>("--backing", "-b") { HelpName = "IMAGE", Description = "Image that the new one is based on and that stays as it is. Relative paths start from the new image's directory." };
        var backingFormat = ImageOptions.Format("The backing image's format.", null, "--backing-format", "-F");
        var (cluster, force) = (ImageOptions.ClusterSize(), ImageOptions.Force());
        var command = new Command("create", "Make an empty image, or one based on another.") { file, size, format, backing, backingFormat, cluster, force };
        command.SetAction(parsed => ImageOptions.Guard(() =>
        {
            var path = parsed.GetValue(file)!;
            using var target = ImageTarget.Open(path, parsed.GetValue(force));
            var length = ImageCreation.Create(new ImageSpec(target.TemporaryPath, ImageOptions.FormatOf(parsed, format)!.Value)
            {
                Size = parsed.GetValue(size) is { } text ? ImageOptions.Bytes(text) : null,
                BackingFile = parsed.GetValue(backing),
                BackingFormat = ImageOptions.FormatOf(parsed, backingFormat),
                ClusterSize = ImageOptions.ClusterBytes(parsed.GetValue(cluster)!),
            });
            target.Finish();
            environment.Out.WriteLine($"{path}: {ImageText.Size(length)}");
        }));
        return command;
    }

    private static Command Info(CliEnvironment environment)
    {
        var file = ImageOptions.File("The image; it may be in use.");
        var format = ImageOptions.Format("The image's format. [default: by its content]", null, "--format", "-f");
        var output = OutputFormat.Option();
        var command = new Command("info", "Show what an image is.") { file, format, output };
        command.SetAction(parsed => ImageOptions.Guard(() =>
        {
            var info = ImageInspection.Describe(parsed.GetValue(file)!, ImageOptions.FormatOf(parsed, format));
            if (OutputFormat.IsJson(parsed, output))
                ImageText.WriteJson(environment.Out, info);
            else
                ImageText.Write(environment.Out, info);
        }));
        return command;
    }

    private static Command Convert(CliEnvironment environment)
    {
        var (file, target) = (ImageOptions.File("The image to read."), new Argument<string>("TARGET") { Description = "The new image." });
        var format = ImageOptions.Format("The format of what is read. [default: by its content]", null, "--format", "-f");
        var targetFormat = ImageOptions.Format("The new image's format.", DiskFormat.Qcow2, "--target-format", "-O");
        var compress = new Option<bool>("--compress", "-c") { Description = "Compress the new image's clusters." };
        var zstandard = new Option<bool>("--zstd") { Description = "Compress with Zstandard: faster to read, but not for programs older than 2020." };
        var (cluster, force) = (ImageOptions.ClusterSize(), ImageOptions.Force());
        var command = new Command("convert", "Copy an image's content, with all that it is based on, into a new image.")
            { file, target, format, targetFormat, compress, zstandard, cluster, force };
        command.SetAction(parsed => ImageOptions.Guard(() =>
        {
            using var signals = new StopSignals(grace: null);
            using var place = ImageTarget.Open(parsed.GetValue(target)!, parsed.GetValue(force));
            var progress = new ImageProgress(environment.Error, parsed.GetValue(file)!);
            var spec = new ImageSpec(place.TemporaryPath, ImageOptions.FormatOf(parsed, targetFormat)!.Value)
            {
                ClusterSize = ImageOptions.ClusterBytes(parsed.GetValue(cluster)!),
                UsesZstandard = parsed.GetValue(zstandard),
            };
            ImageConversion.Run(new DiskOptions(parsed.GetValue(file)!, ImageOptions.FormatOf(parsed, format)), spec,
                parsed.GetValue(compress) || parsed.GetValue(zstandard), progress.Report, signals.Token);
            place.Finish();
        }));
        return command;
    }

    private static Command Resize(CliEnvironment environment)
    {
        var (file, size) = (ImageOptions.File("The image; nobody may use it."), ImageOptions.Size("The new size: 20G, or +5G and -5G relative to the present one."));
        var format = ImageOptions.Format("The image's format. [default: by its content]", null, "--format", "-f");
        var shrink = new Option<bool>("--shrink") { Description = "Allow a smaller size, by which what lies behind it is lost." };
        var command = new Command("resize", "Make a disk larger or smaller. The guest's partitions and file systems are not changed.") { file, size, format, shrink };
        command.SetAction(parsed => ImageOptions.Guard(() =>
        {
            var (path, text) = (parsed.GetValue(file)!, parsed.GetValue(size)!);
            var chosen = ImageOptions.FormatOf(parsed, format);
            var before = ImageInspection.Describe(path, chosen).Length;
            var length = text[0] switch
            {
                '+' => before + ImageOptions.Bytes(text[1..]),
                '-' => before - ImageOptions.Bytes(text[1..]),
                _ => ImageOptions.Bytes(text),
            };
            ImageMaintenance.Resize(path, chosen, length, parsed.GetValue(shrink));
            environment.Out.WriteLine($"{path}: {ImageText.Size(length)}");
        }));
        return command;
    }

    private static Command Check(CliEnvironment environment)
    {
        var file = ImageOptions.File("The qcow2 image; nobody may use it.");
        var repair = new Option<bool>("--repair", "-r") { Description = "Put right what can be: all reference counts and the flags that follow from them." };
        var output = OutputFormat.Option();
        var command = new Command("check", "Look for damage: clusters that are used and not counted, or counted and not used.") { file, repair, output };
        command.SetAction(parsed =>
        {
            var code = ExitCodes.Success;
            ImageOptions.Guard(() =>
            {
                using var signals = new StopSignals(grace: null);
                var check = ImageMaintenance.Check(parsed.GetValue(file)!, parsed.GetValue(repair), signals.Token);
                if (OutputFormat.IsJson(parsed, output))
                    ImageText.WriteJson(environment.Out, check);
                else
                    ImageText.Write(environment.Out, check, parsed.GetValue(file)!);
                code = check.Remaining == 0 ? ExitCodes.Success : ExitCodes.Usage;
            });
            return code;
        });
        return command;
    }
}
