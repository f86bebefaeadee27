namespace Ringmaster.Machine.Configuration;

/// <summary>A way to execute guest code.</summary>
public enum EngineChoice
{
    /// <summary>The best that works on this host.</summary>
    Auto,

    /// <summary>Each instruction carried out in C#; works everywhere.</summary>
    Interpreter,

    /// <summary>Dynamic binary translation to host code; needs executable memory.</summary>
    Translator,

    /// <summary>The host's processor executes guest code itself (AMD-V, VT-x); needs a /dev/kvm that works.</summary>
    Kvm,
}
