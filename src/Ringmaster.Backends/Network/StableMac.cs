using System.Security.Cryptography;
using System.Text;
using Ringmaster.Devices.Network;

namespace Ringmaster.Backends.Network;

/// <summary>
/// Ethernet addresses for those who do not choose any: the same each time for the same place on the same host, and others
/// elsewhere.
/// </summary>
public static class StableMac
{
    /// <summary>Locally administered, for one receiver.</summary>
    private const ulong FirstByte = 0x52;

    private const string MachineIdentity = "/etc/machine-id";

    /// <summary>The address for a place on this host.</summary>
    /// <param name="place">What tells it from others: the kind of network, its name, a number.</param>
    public static MacAddress Of(params IReadOnlyList<string> place) => Of(Machine(), place);

    internal static MacAddress Of(string machine, IReadOnlyList<string> place)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', place.Prepend(machine))));
        hash[0] = (byte)FirstByte;
        return MacAddress.Read(hash);
    }

    private static string Machine()
    {
        try
        {
            return File.ReadAllText(MachineIdentity).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Environment.MachineName;
        }
    }
}
