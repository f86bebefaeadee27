namespace Ringmaster.Machine.Assembly;

/// <summary>Files that a machine needs to start.</summary>
internal static class MachineFile
{
    /// <summary>Reads one whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="role">What it is to the machine.</param>
    /// <param name="remedy">What to do if it cannot be read.</param>
    /// <exception cref="MachineSetupException">It cannot be read.</exception>
    public static byte[] Read(string path, string role, string remedy = "Check the path and its permissions.") =>
        Try(path, role, () => File.ReadAllBytes(path), remedy);

    /// <summary>Does something with one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="role">What it is to the machine.</param>
    /// <param name="read">What.</param>
    /// <param name="remedy">What to do if it cannot be read.</param>
    /// <exception cref="MachineSetupException">It cannot be read.</exception>
    public static T Try<T>(string path, string role, Func<T> read, string remedy = "Check the path and its permissions.")
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new MachineSetupException($"The {role} {path} cannot be read: {error.Message} {remedy}", error);
        }
    }
}
