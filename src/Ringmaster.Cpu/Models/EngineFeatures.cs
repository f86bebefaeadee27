namespace Ringmaster.Cpu.Models;

/// <summary>What an engine can make a guest see.</summary>
/// <remarks>
/// Promises that a vulnerability does not exist (<c>rdctl-no</c>, <c>srso-no</c>, ...) are features like others: an engine lists
/// those that are true of guest code under it. An engine that runs guest code directly lists the host's own; one that checks
/// every guest access in software may list all that concern page tables.
/// </remarks>
/// <param name="EngineName">The engine's name, for messages.</param>
/// <param name="Features">Every feature that it carries out, or that the machine around it does (x2apic, tsc-deadline, invtsc).</param>
/// <param name="Xsave">Where XSAVE puts state components; the host's if the host's XSAVE runs.</param>
/// <param name="PhysicalAddressBits">Most bits of a guest-physical address; a model with more is lowered to it.</param>
public sealed record EngineFeatures(string EngineName, CpuFeatureSet Features, XsaveLayout Xsave, int PhysicalAddressBits);
