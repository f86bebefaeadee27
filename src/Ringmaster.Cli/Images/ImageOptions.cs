using System.CommandLine;
using Ringmaster.Backends.Disks;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Cli.Images;

/// <summary>Arguments and options that the image commands share, and how their values are read.</summary>
internal static class ImageOptions
{
    internal static Argument<string> File(string description) => new("FILE") { Description = description };

    internal static Argument<string> Size(string description) => new("SIZE") { Description = description };

    internal static Argument<string?> OptionalSize() => new("SIZE")
    {
        Description = "The disk's size: 20G, 512M; a bare number counts bytes. Not needed with --backing.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    internal static Option<string> Format(string description, DiskFormat? otherwise, params string[] names)
    {
        var option = new Option<string>(names[0], names[1..]) { HelpName = "raw|qcow2", Description = description };
        if (otherwise is { } format)
            option.DefaultValueFactory = _ => Name(format);
        return option.AcceptOnlyFromAmong("raw", "qcow2");
    }

    internal static Option<string> ClusterSize() => new("--cluster-size")
    {
        HelpName = "SIZE",
        Description = "Bytes of a qcow2 cluster, the unit in which the file grows: 512 to 2M.",
        DefaultValueFactory = _ => "64K",
    };

    internal static Option<bool> Force() => new("--force") { Description = "Replace the file if there is one." };

    internal static DiskFormat? FormatOf(ParseResult parsed, Option<string> option) => parsed.GetValue(option) switch
    {
        "raw" => DiskFormat.Raw,
        "qcow2" => DiskFormat.Qcow2,
        _ => null,
    };

    internal static string Name(DiskFormat format) => format == DiskFormat.Raw ? "raw" : "qcow2";

    /// <exception cref="UserErrorException">The text is no size.</exception>
    internal static long Bytes(string text)
    {
        // A bare number of a disk's size counts bytes, unlike one of memory.
        var unit = text.Length > 0 && char.IsAsciiDigit(text[^1]) ? "B" : "";
        return ByteSize.TryParse(text + unit, out var size) && size.Bytes <= long.MaxValue / 2
            ? (long)size.Bytes
            : throw new UserErrorException($"\"{text}\" is no size. Write a number with a unit, for example 20G.");
    }

    /// <exception cref="UserErrorException">The text is no size of a cluster.</exception>
    internal static int ClusterBytes(string text) => Bytes(text) is var bytes and <= 1 << 30
        ? (int)bytes
        : throw new UserErrorException($"\"{text}\" is no size of a cluster. Choose a power of two from 512 to 2M.");

    /// <summary>Runs a command; what is wrong with an image is the user's to put right.</summary>
    /// <exception cref="UserErrorException">Something is wrong with an image, or the host cannot do what was asked for.</exception>
    internal static void Guard(Action command)
    {
        try
        {
            command();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(error.Message, error);
        }
    }
}
