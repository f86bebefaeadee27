using System.Globalization;
using Ringmaster.Host;
using Ringmaster.Machine.Configuration;
using Ringmaster.Memory;

namespace Ringmaster.Machine.Assembly;

/// <summary>Makes a guest's memory, and says what to do where the host has none of the kind that is wanted.</summary>
internal static class GuestRam
{
    private const string TransparentSwitch = "/sys/kernel/mm/transparent_hugepage/enabled", ReservedPages = "/sys/kernel/mm/hugepages";

    /// <summary>Makes the memory.</summary>
    /// <param name="config">The machine, of which size and kind count.</param>
    /// <param name="roms">Read-only memory.</param>
    /// <param name="reach">One past the last byte where device memory may be shown.</param>
    /// <exception cref="MachineSetupException">The host cannot give it.</exception>
    public static GuestMemory Create(MachineConfig config, IReadOnlyList<RomImage> roms, GuestPhysicalAddress reach)
    {
        var (size, backing) = (config.Memory, config.MemoryBacking ?? default);
        if (backing.Pages == HostPages.Transparent && TransparentProblem(TransparentSwitch) is { } problem)
            throw new MachineSetupException(problem);
        try
        {
            return GuestMemory.CreatePc(size.Bytes, roms, reach, backing);
        }
        catch (LinuxException error) when (error.Message.StartsWith("mlock", StringComparison.Ordinal))
        {
            throw new MachineSetupException($"{LockRefusal(size, File.ReadLines("/proc/self/limits"))} ({error.Message}.)", error);
        }
        catch (LinuxException error) when (backing.ReservedPageSize is { } page)
        {
            throw new MachineSetupException($"{ReservedRefusal(size, new ByteSize(page), ReservedPages)} ({error.Message}.)", error);
        }
        catch (LinuxException error)
        {
            throw new MachineSetupException($"The host cannot give the guest {size} of memory: {error.Message}. Choose less with --memory.", error);
        }
    }

    /// <summary>Why the host gives no large pages by itself; null if it does.</summary>
    /// <param name="path">Where it says so: the setting in force stands in brackets.</param>
    internal static string? TransparentProblem(string path)
    {
        if (!File.Exists(path))
            return "The host's kernel has no transparent huge pages. Leave huge=thp out of --memory.";
        return File.ReadAllText(path).Contains("[never]", StringComparison.Ordinal)
            ? $"The host's transparent huge pages are off. As root: echo madvise >{path} - or leave huge=thp out of --memory."
            : null;
    }

    /// <summary>What to do where reserved pages are lacking.</summary>
    /// <param name="size">What the guest is to have.</param>
    /// <param name="page">The pages' size.</param>
    /// <param name="directory">Where the host tells of its reserved pages.</param>
    internal static string ReservedRefusal(ByteSize size, ByteSize page, string directory)
    {
        var place = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"hugepages-{page.Bytes / 1024}kB"));
        if (!Directory.Exists(place))
            return $"The host has no pages of {page}. Choose another kind with --memory {size},huge=2M, or leave huge= out.";
        var needed = size.Bytes / page.Bytes;
        var (all, free, promised) = (Number("nr_hugepages"), Number("free_hugepages"), Number("resv_hugepages"));
        // What others have been promised is free still.
        var left = free - Math.Min(free, promised);
        if (left >= needed)
            return $"The host does not give the guest {needed} of its {left} free pages of {page}; a control group may keep it from them. Leave huge= out of --memory.";
        var atBoot = page.Bytes >= 1 << 30 ? ", which may find no room; then boot the host with "
            + string.Create(CultureInfo.InvariantCulture, $"hugepagesz=1G hugepages={all + needed - left}") : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"The host has {left} free reserved pages of {page}, and the guest needs {needed}. As root: echo {all + needed - left} >{place}/nr_hugepages{atBoot} - or leave huge= out of --memory.");

        ulong Number(string name) => ulong.TryParse(File.ReadAllText(Path.Combine(place, name)), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    /// <summary>What to do where memory cannot be locked.</summary>
    /// <param name="size">What the guest is to have.</param>
    /// <param name="limits">The process's limits, as /proc tells them.</param>
    internal static string LockRefusal(ByteSize size, IEnumerable<string> limits)
    {
        const string name = "Max locked memory";
        var text = limits.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Trim().Split(' ')[0];
        return ulong.TryParse(text, CultureInfo.InvariantCulture, out var limit) && limit < size.Bytes
            ? string.Create(CultureInfo.InvariantCulture, $"The process may lock {new ByteSize(limit)} of memory, and the guest needs {size}. Raise the limit (ulimit -l {size.Bytes / 1024 + 1}; ")
                + "LimitMEMLOCK=infinity in a systemd unit; memlock in /etc/security/limits.conf), or leave lock out of --memory."
            : $"The host cannot keep {size} in memory for the guest. Choose less with --memory, or leave lock out.";
    }
}
