using Ringmaster.Host.Waiting;

namespace Ringmaster.Cpu.Doorbells;

/// <summary>Lets a guest's writes to some places set events, so that its vCPUs go on without an exit. Any thread may call.</summary>
public interface IDoorbellBoard
{
    /// <summary>Begins with one.</summary>
    /// <param name="doorbell">The write.</param>
    /// <param name="bell">Set at each. It must not be disposed before <see cref="Remove"/>.</param>
    /// <returns>False if the engine cannot; then the write is an exit as always.</returns>
    bool TryAdd(in Doorbell doorbell, Alarm bell);

    /// <summary>Ends with one, of which the write is an exit again.</summary>
    void Remove(in Doorbell doorbell, Alarm bell);
}
