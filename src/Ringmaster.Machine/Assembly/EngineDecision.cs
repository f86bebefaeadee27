using Ringmaster.Machine.Configuration;

namespace Ringmaster.Machine.Assembly;

/// <summary>Which engine a machine gets.</summary>
/// <param name="Engine">The engine; never <see cref="EngineChoice.Auto"/>.</param>
/// <param name="Reason">Why, as the end of a sentence: "it was asked for".</param>
public sealed record EngineDecision(EngineChoice Engine, string Reason);
