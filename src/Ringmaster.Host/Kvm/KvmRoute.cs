namespace Ringmaster.Host.Kvm;

/// <summary>What an input of the kernel's interrupt table sends.</summary>
/// <param name="Input">Its number (a GSI).</param>
/// <param name="Message">The message.</param>
public readonly record struct KvmRoute(int Input, KvmMessage Message);
