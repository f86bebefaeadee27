using Ringmaster.Backends.Disks;

namespace Ringmaster.Machine.Configuration.Reading;

/// <summary>Reads <c>PATH[,id=NAME][,interface=virtio|nvme|sata|ide][,format=raw|qcow2][,readonly][,snapshot][,cache=writeback|writethrough|unsafe]</c>.</summary>
internal static class DiskText
{
    private const string FormatKey = "format", ReadOnlyKey = "readonly", SnapshotKey = "snapshot", CacheKey = "cache",
        InterfaceKey = "interface", IdKey = "id";

    private static readonly string[] s_settings = [IdKey, InterfaceKey, FormatKey, ReadOnlyKey, SnapshotKey, CacheKey];

    internal static Parsed<DiskConfig> Read(OptionText reader, string text)
    {
        var parts = text.Split(',');
        var properties = new Dictionary<string, string>();
        foreach (var part in parts.Skip(1))
        {
            var (key, value) = OptionText.Split(part.Trim());
            if (!properties.TryAdd(key, value ?? "on"))
                return Parsed<DiskConfig>.Wrong($"\"{key}\" is given twice. Leave one out.");
        }
        return Read(reader, parts[0], properties);
    }

    /// <summary>Reads a diskette, whose place is fixed.</summary>
    internal static Parsed<DiskConfig> ReadFloppy(OptionText reader, string text)
    {
        if (text.Split(',').Skip(1).Any(part => OptionText.Split(part.Trim()).Key == InterfaceKey))
            return Parsed<DiskConfig>.Wrong($"A diskette has no setting \"{InterfaceKey}\". Leave it out.");
        // A disk's message would say how to make a large one.
        if (text.Split(',')[0] is { Length: > 0 } path && !Path.Exists(reader.Absolute(path)))
            return Parsed<DiskConfig>.Wrong($"There is no file {path}. Check the path, or make an image with \"ringmaster image create -f raw {path} 1440K\".");
        return With(Read(reader, text), disk => disk with { Interface = DiskInterface.Floppy });
    }

    /// <summary>Reads a disk from its path and settings, which is how files may write them.</summary>
    internal static Parsed<DiskConfig> Read(OptionText reader, string path, IReadOnlyDictionary<string, string> settings)
    {
        if (!reader.ExistingDisk(path).TryGet(out var full, out var problem))
            return Parsed<DiskConfig>.Wrong(problem);
        Parsed<DiskConfig> disk = new DiskConfig(full);
        foreach (var (key, value) in settings)
        {
            if (!disk.TryGet(out var before, out _))
                return disk;
            disk = Apply(before, key, value);
        }
        return disk.TryGet(out var whole, out _) && whole is { IsReadOnly: true, IsSnapshot: true }
            ? Parsed<DiskConfig>.Wrong("A disk is either readonly or a snapshot: the guest may write a snapshot. Leave one out.")
            : disk;
    }

    private static Parsed<DiskConfig> Apply(DiskConfig disk, string key, string value) => key switch
    {
        IdKey => With(OptionText.Id(value), id => disk with { Id = id }),
        InterfaceKey => With(OptionText.Choice("disk interface", value, ("virtio", DiskInterface.Virtio), ("nvme", DiskInterface.Nvme),
            ("sata", DiskInterface.Sata), ("ide", DiskInterface.Ide)), kind => disk with { Interface = kind }),
        FormatKey => With(OptionText.Choice("disk format", value, ("raw", DiskFormat.Raw), ("qcow2", DiskFormat.Qcow2)),
            format => disk with { Format = format }),
        ReadOnlyKey => With(OptionText.Switch(key, value), on => disk with { IsReadOnly = on }),
        SnapshotKey => With(OptionText.Switch(key, value), on => disk with { IsSnapshot = on }),
        CacheKey when value == "none" => Parsed<DiskConfig>.Wrong("cache=none would bypass the host's page cache, for which a guest's memory "
            + "would have to be aligned as the host's disk wants it. Write cache=writeback, which is as safe."),
        CacheKey => With(OptionText.Choice("cache mode", value, ("writeback", DiskCache.WriteBack), ("writethrough", DiskCache.WriteThrough),
            ("unsafe", DiskCache.Unsafe)), cache => disk with { Cache = cache }),
        _ => Parsed<DiskConfig>.Wrong(
            $"There is no setting \"{key}\" of a disk.{Spelling.Suggestion(key, s_settings)} Choose from {string.Join(", ", s_settings)}."),
    };

    private static Parsed<DiskConfig> With<T>(Parsed<T> value, Func<T, DiskConfig> with) =>
        value.TryGet(out var parsed, out var problem) ? with(parsed) : Parsed<DiskConfig>.Wrong(problem);
}
