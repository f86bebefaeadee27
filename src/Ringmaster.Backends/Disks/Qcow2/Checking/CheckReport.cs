namespace Ringmaster.Backends.Disks.Qcow2.Checking;

/// <summary>Collects what a check finds; counts everything and keeps the first sentences.</summary>
internal sealed class CheckReport
{
    private const int MostSentences = 100;

    private readonly List<string> _findings = [];

    internal long Leaks { get; private set; }

    internal long Corruptions { get; private set; }

    /// <summary>Corruptions that a repair of counts and flags cannot put right: something points where it must not.</summary>
    internal long Beyond { get; private set; }

    internal IReadOnlyList<string> Findings => _findings;

    internal void Leak(string finding)
    {
        Leaks++;
        Keep(finding);
    }

    internal void Corruption(string finding, bool isBeyondRepair = false)
    {
        Corruptions++;
        Beyond += isBeyondRepair ? 1 : 0;
        Keep(finding);
    }

    private void Keep(string finding)
    {
        if (_findings.Count < MostSentences)
            _findings.Add(finding);
    }
}
