namespace Ringmaster.Backends.Network;

/// <summary>What a member of a switch tells another.</summary>
internal enum SwitchMessageKind : byte
{
    /// <summary>It has joined.</summary>
    Hello = 1,

    /// <summary>A frame.</summary>
    Frame = 2,

    /// <summary>It leaves.</summary>
    Bye = 3,
}
