namespace Ringmaster.Bench.Guests;

/// <summary>Makes sure that the host has what the benchmark needs.</summary>
internal static class HostTools
{
    private const string Installer = "apt-get";

    /// <summary>Installs what is missing, if this is root on a host with apt. What then is still missing shows when it is needed.</summary>
    public static async Task PrepareAsync(Action<string> say, CancellationToken cancellation)
    {
        HostTool[] tools = [HostTool.Compiler, HostTool.Assembler, HostTool.Qemu];
        string[] missing = [.. tools.Where(tool => !tool.IsThere).SelectMany(tool => tool.Packages)];
        if (missing.Length == 0 || !Environment.IsPrivilegedProcess || !new HostTool(Installer).IsThere)
            return;
        say($"installing {string.Join(' ', missing)}");
        // env, because apt-get asks questions unless this variable is set. A source that cannot be reached spoils the update's
        // exit code but not the rest.
        string[] quietly = ["DEBIAN_FRONTEND=noninteractive", Installer, "-qq"];
        await HostCommand.RunAsync("env", [.. quietly, "update"], cancellation).ConfigureAwait(false);
        var (exit, _, errors) = await HostCommand.RunAsync(
            "env", [.. quietly, "install", "-y", "--no-install-recommends", .. missing], cancellation).ConfigureAwait(false);
        if (exit != 0)
            say($"{Installer} could not install them: {errors.Trim()}");
    }
}
