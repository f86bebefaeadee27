namespace Ringmaster.Bench.Suite;

/// <summary>A setting in the report.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Command">How guests are started in it, as a shell would take it; null for the host itself.</param>
internal sealed record SettingReport(string Name, string? Command);
